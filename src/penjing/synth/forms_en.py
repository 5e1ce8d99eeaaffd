"""Lines of English papers: shop receipts above all, then letters, signs and running words."""

from __future__ import annotations

from random import Random

from penjing.synth import codes
from penjing.synth.figures import (
    UP,
    clock,
    day,
    digits,
    dollars,
    money,
    number,
    quantity,
    some,
    telephone,
)
from penjing.synth.vocabulary import Vocabulary

FIELDS = (
    "TOTAL|SUBTOTAL|SUB TOTAL|SUB-TOTAL|GRAND TOTAL|TOTAL AMOUNT|TOTAL SALES|NET TOTAL|TOTAL DUE|AMOUNT|AMOUNT DUE|"
    "CASH|CHANGE|CHANGE DUE|BALANCE|BALANCE DUE|PAYMENT|TENDERED|PAID|ROUNDING|ROUNDING ADJ|ROUNDED TOTAL|DISCOUNT|"
    "DISC|TAX|SALES TAX|TAX AMOUNT|GST|GST 6%|GST @6%|GST SUMMARY|SST|VAT|SERVICE CHARGE|SVC CHG|TIP|QTY|QUANTITY|"
    "UNIT PRICE|U/PRICE|PRICE|ITEM|ITEMS|ITEM COUNT|DESCRIPTION|CODE|TAX CODE|INVOICE NO|INVOICE NO.|BILL NO|RECEIPT|"
    "RECEIPT NO|RECEIPT #|TAX INVOICE|SIMPLIFIED TAX INVOICE|CASH BILL|CASH SALES|DOC NO|DOCUMENT NO|DATE|TIME|TABLE|"
    "TABLE NO|PAX|COVERS|CASHIER|SERVER|SALESPERSON|STAFF|CLERK|COUNTER|TERMINAL|TRANS|TRANS NO|REF NO|ORDER|ORDER NO|"
    "MEMBER|MEMBER ID|CUSTOMER|CUSTOMER COPY|MERCHANT COPY|CREDIT CARD|VISA|MASTERCARD|DEBIT|APPROVAL CODE|AUTH CODE|"
    "CARD NO|EXPIRY|POINTS|REG NO|CO. REG NO|GST REG NO|GST ID|GST NO|ROC NO|TEL|FAX|PHONE|EMAIL|ADDRESS|ATTN|TERMS|"
    "TOTAL (RM)|AMT(RM)|AMOUNT (RM)|TAX(RM)|TOTAL INCL GST|TOTAL EXCL. GST|INCLUSIVE OF GST|DINE IN|TAKE AWAY|SALE|"
    "REFUND|VOID|COPY|REPRINT|NO|UOM|PCS|EACH|LESS|NETT|BEFORE TAX|ZERO RATED|STANDARD RATED|SIGNATURE|STORE|POS|SHIFT"
).split("|")
CLOSINGS = (
    "THANK YOU|THANK YOU!|THANK YOU FOR SHOPPING WITH US|PLEASE COME AGAIN|THANK YOU, PLEASE COME AGAIN|HAVE A NICE DAY|"
    "GOODS SOLD ARE NOT RETURNABLE|GOODS SOLD ARE NOT REFUNDABLE|NO REFUND|NO EXCHANGE WITHOUT RECEIPT|CUSTOMER SERVICE|"
    "EXCHANGE ARE ALLOWED WITHIN|7 DAYS WITH RECEIPT|PLEASE KEEP THIS RECEIPT|WELCOME|OPEN DAILY|ALL PRICES INCLUDE GST|"
    "STRICTLY NO CASH REFUND|THIS IS A COMPUTER GENERATED INVOICE|NO SIGNATURE REQUIRED|FOLLOW US ON FACEBOOK|"
    "PRICES INCLUSIVE OF TAX|E. & O. E.|RECEIVED BY|ISSUED BY|AUTHORISED SIGNATURE|COMPANY'S STAMP|END OF RECEIPT"
).split("|")
GOODS = (
    "RICE NOODLE CHICKEN BEEF PORK FISH PRAWN EGG BREAD BUTTER MILK COFFEE TEA ICE HOT COLD LEMON HONEY LIME ORANGE APPLE "
    "JUICE WATER COLA BEER WINE SOUP SALAD FRIED STEAMED GRILLED SPICY SWEET SOUR CURRY SET LUNCH DINNER BREAKFAST MEAL "
    "COMBO LARGE REGULAR SMALL MEDIUM EXTRA CHEESE BURGER PIZZA FRIES SAUCE CHOCOLATE VANILLA STRAWBERRY CAKE COOKIE "
    "BISCUIT SNACK CHIPS NUTS SUGAR SALT OIL SOAP SHAMPOO TISSUE PAPER PEN PENCIL ERASER RULER FILE BOOK A4 TAPE GLUE "
    "SCREW NUT BOLT NAIL HAMMER PAINT BRUSH PLASTIC BAG BOX BOTTLE CUP PLATE SPOON FORK KNIFE TRAY BATTERY CABLE BULB "
    "LED LAMP SWITCH PLUG SOCKET WIRE PIPE VALVE HOSE CLEANER DETERGENT TOWEL SHIRT PANTS SHOES SOCKS HAT BELT KIDS MEN "
    "LADIES BABY TOY CARD GIFT FLOWER CANDLE STICKER PRINT COPY COLOUR BLACK WHITE RED BLUE GREEN GOLD SILVER PARKING "
    "TICKET FEE CHARGE DELIVERY NASI GORENG LEMAK AYAM IKAN MEE TEH KOPI ROTI MILO SAMBAL TELUR SOTONG KUIH AIS LIMAU"
).split()
COMPANY_ENDS = (
    "SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|RESTAURANT|RESTORAN|CAFE|MART|MINI MARKET|HARDWARE|STATIONERY|BOOKS|BAKERY|"
    "PHARMACY|SUPERMARKET|DEPARTMENT STORE|INC.|LLC|CO., LTD.|LTD|LIMITED|CORP|HOLDINGS|& SONS|GRILL|BAR|HOTEL|MALL"
).split("|")
STREETS = "JALAN LORONG PERSIARAN TAMAN BANDAR KAMPUNG LEBUH STREET ROAD AVENUE BOULEVARD LANE DRIVE PLAZA SQUARE PARK".split()
REGIONS = (
    "SELANGOR|JOHOR|PENANG|KUALA LUMPUR|SHAH ALAM|PETALING JAYA|JOHOR BAHRU|KLANG|MELAKA|PERAK|CALIFORNIA|TEXAS|NEW YORK|"
    "LONDON|SINGAPORE|HONG KONG|MALAYSIA|AUSTRALIA|CANADA|FLORIDA, USA|BOSTON, MA|SEATTLE WA"
).split("|")
BILINGUAL = "Road Street Avenue Hospital School Park Station Airport Exit Entrance Museum Bridge Square Library Hotel".split()


def cased(r: Random, text: str) -> str:
    """Mostly capitals, as tills print; else a capital for each word, or as it came."""
    shape = r.random()
    return (
        text
        if shape < 0.68
        else text.title()
        if shape < 0.86
        else text.capitalize()
        if shape < 0.94
        else text.lower()
    )


def item(r: Random, v: Vocabulary) -> str:
    words = [
        r.choice(GOODS) if r.random() < 0.7 else v.english_word(r).upper()
        for _ in range(r.choice((1, 2, 2, 3, 3, 4)))
    ]
    name = " ".join(words)
    shape = r.random()
    if shape < 0.2:
        name += (
            f" {quantity(r).replace(' ', '').upper()}"
            if r.random() < 0.7
            else f" ({r.choice(GOODS)})"
        )
    elif shape < 0.35:
        name = f"{number(r)[:4]}{r.choice((' ', '-', '. ', ' x ', ' X '))}{name}"
    elif shape < 0.42:
        name = f"{r.choice('*-#+')}{name}"
    elif shape < 0.5:
        name = name.replace(" ", r.choice(("/", "-", " & ", " W/ ", ".", " + ")), 1)
    elif shape < 0.56:
        name += r.choice(("(S)", "(L)", " *", " SR", " (1 PC)", " 1'S", " 4'", '"', " @", " [T]"))
    return name


def receipt(r: Random, v: Vocabulary) -> str:
    """Any text that a till may print in one run."""
    shape = r.random()
    if shape < 0.20:
        return cased(r, item(r, v))
    if shape < 0.36:
        return dollars(r)
    if shape < 0.56:
        return field(r, v)
    if shape < 0.62:
        return (
            day(r)
            if r.random() < 0.6
            else f"{day(r)}{r.choice((' ', '  ', ', ')).strip() or ' '}{clock(r)}"
        )
    if shape < 0.66:
        return clock(r)
    if shape < 0.71:
        return street(r, v)
    if shape < 0.75:
        return cased(r, r.choice(CLOSINGS))
    if shape < 0.79:
        return cased(
            r, f"{v.english_word(r).upper()} {r.choice(GOODS + [''])} {r.choice(COMPANY_ENDS)}"
        )
    if shape < 0.83:
        return f"{r.choice(('TEL', 'Tel', 'TEL NO', 'FAX', 'Phone', 'H/P', 'Tel No.'))}{r.choice((':', ': ', ' : ', ' ', '.:'))}{telephone(r)}"
    if shape < 0.88:
        return codes.serial(r)
    if shape < 0.93:
        return r.choice(
            (
                str(r.randint(1, 9)),
                str(r.randint(1, 30)),
                r.choice(UP),
                number(r),
                ":",
                "-",
                "@",
                "x",
                "X",
                "RM",
                "SR",
                "ZR",
                "%",
                "*",
                "$",
                f"{r.randint(1, 9)} x",
                f"{r.randint(1, 9)} X",
                f"{r.randint(1, 9)} @ {money(r)}",
                "0",
                "00",
            )
        )
    if shape < 0.96:
        return f"{r.randint(1, 20)} {r.choice(('x', 'X', '@', '*', 'PCS', 'PC', 'UNIT', 'EA'))} {money(r)}"
    return (
        f"({number(r)}{'-' + r.choice(UP) if r.random() < 0.6 else ''})"
        if r.random() < 0.5
        else codes.symbols(r)
    )


def field(r: Random, v: Vocabulary) -> str:
    """A field's name, often with its colon, sometimes with its value."""
    name = cased(r, r.choice(FIELDS))
    shape = r.random()
    if shape < 0.4:
        return name
    if shape < 0.7:
        return name + r.choice((":", ":", " :", ": ", "-", ".")).rstrip()
    value = r.choice((dollars, day, number, codes.serial, clock))(r)
    return f"{name}{r.choice((': ', ':', ' : ', ' ', ' #', ' - '))}{value}"


def street(r: Random, v: Vocabulary) -> str:
    """A part of an address outside China."""
    name = v.english_word(r).upper()
    number_ = r.choice(
        (
            number(r)[:4],
            f"{number(r)[:2]}-{some(r, UP, 1, 1)}",
            f"{number(r)[:3]}{some(r, UP, 1, 1)}&{number(r)[:2]}{r.choice(UP)}",
        )
    )
    text = r.choice(
        (
            f"NO. {number_}, {r.choice(STREETS)} {name} {number(r)[:2]}",
            f"NO.{number_},{r.choice(STREETS)} {name} {r.choice('XIV')} ,{r.choice(UP)}{digits(r, 2)}/{r.choice(UP)}",
            f"{number_}, {r.choice(STREETS)} {name}",
            f"{number_} {name} {r.choice(STREETS)}",
            f"LOT {number_}, {r.choice(STREETS)} {name},",
            f"{digits(r, 5)} {name}, {r.choice(REGIONS)}",
            f"{digits(r, 5)} {r.choice(REGIONS)}.",
            f"{r.choice(STREETS)} {name} {number(r)[:2]}/{number(r)[:2]},",
            f"{r.choice(REGIONS)} {digits(r, 5)}",
            f"{name}, {r.choice(REGIONS)}",
        )
    )
    return cased(r, text)


def words(r: Random, v: Vocabulary) -> str:
    """Running English, headings, shop words; capitals, small letters, both."""
    shape = r.random()
    if shape < 0.55:
        text = v.phrase(r, r.choice((4, 8, 12, 16, 20, 24, 28, 32, 38)))
    elif shape < 0.8:
        text = " ".join(v.english_word(r) for _ in range(r.choice((1, 1, 1, 2, 2, 3, 4))))
    elif shape < 0.86:
        return codes.web(r, v.english_word(r).split("'")[0])
    elif shape < 0.91:
        text = f"{v.english_word(r).title()} {r.choice(BILINGUAL)}"
    else:
        text = f"{v.english_word(r)}{r.choice((', ', ': ', ' - ', '. ', '; ', ' & ', '/', ' (', ' = '))}{v.english_word(r)}"
        text += ")" if "(" in text else ""
    shape = r.random()
    return (
        text
        if shape < 0.6
        else text.upper()
        if shape < 0.85
        else text.title()
        if shape < 0.95
        else text.lower()
    )

"""Numbers as documents print them: amounts, dates, times, telephone and serial numbers."""

from __future__ import annotations

from calendar import month_name
from random import Random

from penjing.synth.texts.phrases import phrases

WORDS = phrases("figures")

LOW, UP = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEX = "0123456789ABCDEF"
EXACT = 15  # digits that one random float draws evenly; in longer numbers the last would be even
SYMBOLS = "!@#$%^&*()-_=+[]{};:'\",.<>/?\\|`~" + "^^^`~|!{}"  # rare ones oftener: papers lack them


def digits(r: Random, count: int) -> str:
    """Exactly ``count`` digits, zeros in front allowed."""
    if count > EXACT:
        return digits(r, EXACT) + digits(r, count - EXACT)
    return str(int(r.random() * 10**count)).zfill(count)


def some(r: Random, alphabet: str, least: int, most: int) -> str:
    """``least`` to ``most`` characters of ``alphabet``, each drawn by itself."""
    return "".join(r.choices(alphabet, k=r.randint(least, most)))


def number(r: Random) -> str:
    """A whole number of 1-8 digits, small ones commoner."""
    return str(int(10 ** (r.random() * r.choice((1, 2, 3, 4, 8)))))


def money(r: Random) -> str:
    """12.50, 1,204.00, 0.35: two decimals nearly always."""
    value = 10 ** (r.random() * r.choice((1.5, 2, 2.5, 3, 3.5, 5))) - r.choice((0, 1))
    places = 2 if r.random() < 0.92 else r.choice((0, 1, 3))
    if r.random() < 0.35 and places == 2:
        value = int(value) + r.choice((0, 0, 0.5, 0.9, 0.99, 0.8, 0.25, 0.1))
    return f"{value:,.{places}f}" if r.random() < 0.3 else f"{value:.{places}f}"


def yuan(r: Random) -> str:
    sign = r.choice(("￥", "￥", "¥", "¥", "", "RMB ", "人民币"))
    tail = r.choice(("", "", "", "元")) if sign else r.choice(("元", "元", "元整", ""))
    return f"{sign}{money(r)}{tail}"


def dollars(r: Random) -> str:
    sign = r.choice(("RM", "RM ", "$", "$", "USD ", "S$", "€", "£", "", "", "", "-", "HK$"))
    return (
        sign
        + money(r)
        + r.choice(("", "", "", "", "", " SR", " ZR", "S", "ZR", " T", "*", "A", " E"))
    )


def date(r: Random) -> str:
    """A day between 1990 and 2035 in one of the usual shapes, Chinese ones included."""
    y, m, d = (
        r.randint(1990, 2035),
        r.randint(1, 12),
        r.randint(1, 28 + r.randint(0, 3) * (r.random() < 0.5)),
    )
    return r.choice(
        (
            f"{y}-{m:02}-{d:02}",
            f"{y}-{m:02}-{d:02}",
            f"{y}/{m:02}/{d:02}",
            f"{y}/{m}/{d}",
            f"{y}.{m:02}.{d:02}",
            f"{y}.{m}.{d}",
            f"{y}年{m:02}月{d:02}日",
            f"{y}年{m}月{d}日",
            f"{y}年{m:02}月",
            f"{m}月{d}日",
            f"{y} {m:02} {d:02}",
            f"{y}{m:02}{d:02}",
            f"{d:02}/{m:02}/{y % 100:02}",
        )
    )


def day(r: Random) -> str:
    """A date as English receipts have it."""
    y, m, d = r.randint(2005, 2030), r.randint(1, 12), r.randint(1, 28)
    full = month_name[m]
    name = full[:3]
    return r.choice(
        (
            f"{d:02}/{m:02}/{y}",
            f"{d:02}/{m:02}/{y}",
            f"{d:02}/{m:02}/{y % 100:02}",
            f"{m:02}/{d:02}/{y}",
            f"{d:02}-{m:02}-{y}",
            f"{d}-{m}-{y}",
            f"{d:02}.{m:02}.{y}",
            f"{y}-{m:02}-{d:02}",
            f"{d:02} {name} {y}",
            f"{d} {name.upper()} {y}",
            f"{d:02}-{name}-{y}",
            f"{d:02}-{name.upper()}-{y % 100:02}",
            f"{name} {d}, {y}",
            f"{full} {d}, {y}",
        )
    )


def clock(r: Random) -> str:
    h, m, s = r.randint(0, 23), r.randint(0, 59), r.randint(0, 59)
    half = r.choice(("AM", "PM", "am", "pm"))
    return r.choice(
        (
            f"{h:02}:{m:02}",
            f"{h:02}:{m:02}",
            f"{h:02}:{m:02}:{s:02}",
            f"{h:02}:{m:02}:{s:02}",
            f"{h % 12 + 1}:{m:02} {half}",
            f"{h % 12 + 1:02}:{m:02}:{s:02} {half}",
            f"{h % 12 + 1}:{m:02}{half}",
            f"{h:02}{m:02} hrs",
        )
    )


def moment(r: Random) -> str:
    return f"{date(r)} {clock(r)}"


def telephone(r: Random) -> str:
    """Chinese, Malaysian, American shapes."""
    return r.choice(
        (
            f"1{r.choice('3456789')}{digits(r, 9)}",
            f"1{r.choice('35789')}{digits(r, 1)} {digits(r, 4)} {digits(r, 4)}",
            f"0{digits(r, 2)}-{digits(r, 8)}",
            f"0{digits(r, 3)}-{digits(r, 7)}",
            f"0{digits(r, 10)}",
            f"400-{digits(r, 3)}-{digits(r, 4)}",
            f"0{r.randint(3, 9)}-{digits(r, 8)}",
            f"0{r.randint(3, 9)}-{digits(r, 4)} {digits(r, 4)}",
            f"+60{r.randint(3, 19)}-{digits(r, 7)}",
            f"({digits(r, 3)}) {digits(r, 3)}-{digits(r, 4)}",
            f"{digits(r, 3)}-{digits(r, 3)}-{digits(r, 4)}",
            f"+86 {digits(r, 2)} {digits(r, 8)}",
        )
    )


def quantity(r: Random) -> str:
    """A number with its unit, sometimes a range or a product of sizes."""
    unit, gap = r.choice(WORDS.units), " " if r.random() < 0.15 else ""
    value = number(r) if r.random() < 0.6 else f"{r.random() * 100:.{r.randint(1, 2)}f}"
    shape = r.random()
    if shape < 0.12:
        return f"{value}{r.choice('-~～')}{number(r)}{gap}{unit}"
    if shape < 0.2:
        return f"{number(r)}{r.choice('×*xX')}{number(r)}{gap}{unit}"
    if shape < 0.25:
        return f"{r.choice('±≥≤<>≈')}{value}{gap}{unit}"
    return f"{value}{gap}{unit}"


def plain(r: Random) -> str:
    """Digits alone, 1-20 of them, or a number with a sign, a point, a percent."""
    shape = r.random()
    if shape < 0.45:
        return digits(
            r, r.choice((1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 18, 20))
        )
    if shape < 0.75:
        return money(r)
    if shape < 0.85:
        return f"{r.choice('+-±')}{money(r)}"
    tail = r.choice(("%", ".", ")", "、", "/" + number(r), ":" + digits(r, 2), "#", "°", "x"))
    return number(r) + tail

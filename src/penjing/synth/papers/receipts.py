"""Till receipts, Chinese, English and Japanese, whose sums are right."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from penjing.synth.papers import names
from penjing.synth.papers.specimen import Print, Specimen
from penjing.synth.texts.figures import digits
from penjing.synth.texts.phrases import phrases

_WORDS = phrases("chinese")
_CENT = Decimal("0.01")
_CHINESE_GOODS = ("可乐", "面包", "牛奶", "苹果", "纸巾", "矿泉水", "饼干", "酸奶", "鸡蛋", "毛巾")
_ENGLISH_GOODS = ("MILK", "BREAD", "APPLES", "TISSUE", "BISCUIT", "YOGURT", "EGGS", "SOAP")
_JAPANESE_GOODS = ("牛乳", "おにぎり", "食パン", "緑茶", "アイス", "弁当", "たまご", "バナナ")
_JAPANESE_NAMES = ("さくら", "みどり", "やまと", "ふじ", "あおば", "ひかり")
_JAPANESE_KINDS = ("マート", "ベーカリー", "文具店", "食堂", "ドラッグ", "書店")
_ENGLISH_NAMES = ("NORTHGATE", "LAKESIDE", "MAPLE", "SUNRISE", "HARBOUR", "WILLOW")
_ENGLISH_KINDS = ("MARKET", "BAKERY", "STATIONERY SDN BHD", "HARDWARE", "CAFE", "TRADING CO")


def receipt(r: Random) -> Specimen:
    return r.choice((chinese_receipt, english_receipt))(r)


def chinese_receipt(r: Random) -> Specimen:
    merchant = f"{names.company(r)[2:4]}{r.choice(_WORDS.shop_kinds)}"
    when, goods = names.day(r), _goods(r, _CHINESE_GOODS)
    total = sum((price for _, price in goods), Decimal(0))
    paid = (total // 50 + 1) * 50 + _CENT * 0
    lines = [
        (f"单号：{digits(r, 10)}", ""),
        (f"日期：{when} {r.randint(8, 22):02}:{r.randint(0, 59):02}", ""),
        ("品名", "金额"),
        *((name, f"{price:.2f}") for name, price in goods),
        ("合计：", f"¥{total:.2f}"),
        ("实收：", f"{paid:.2f}"),
        ("找零：", f"{paid - total:.2f}"),
        ("谢谢惠顾 欢迎再次光临", ""),
    ]
    truth = _truth(merchant, when, total=total, paid=paid, change=paid - total)
    return _till(merchant, lines, truth)


def english_receipt(r: Random) -> Specimen:
    merchant = f"{r.choice(_ENGLISH_NAMES)} {r.choice(_ENGLISH_KINDS)}"
    when, goods = names.day(r), _goods(r, _ENGLISH_GOODS)
    subtotal = sum((price for _, price in goods), Decimal(0))
    tax = (subtotal * Decimal("0.06")).quantize(_CENT)
    total = subtotal + tax
    paid = (total // 50 + 1) * 50 + _CENT * 0
    sign = r.choice(("", "$", "RM "))
    lines = [
        (f"TEL: {names.telephone(r)}", ""),
        ("RECEIPT NO:", digits(r, 8)),
        (f"DATE: {when:%d/%m/%Y}", f"{r.randint(8, 22):02}:{r.randint(0, 59):02}"),
        *((name, f"{price:.2f}") for name, price in goods),
        ("TOTAL QTY", str(len(goods))),
        ("SUBTOTAL", f"{subtotal:.2f}"),
        ("TAX 6%", f"{tax:.2f}"),
        (r.choice(("TOTAL", "GRAND TOTAL")), f"{sign}{total:.2f}"),
        ("CASH", f"{paid:.2f}"),
        ("CHANGE", f"{paid - total:.2f}"),
        ("THANK YOU", ""),
    ]
    truth = _truth(
        merchant, when, total=total, subtotal=subtotal, tax=tax, paid=paid, change=paid - total
    )
    return _till(merchant, lines, truth)


def japanese_receipt(r: Random) -> Specimen:
    """Whole yen; the tax on top of the prices, or within them."""
    merchant = f"{r.choice(_JAPANESE_NAMES)}{r.choice(_JAPANESE_KINDS)}"
    when, rate = names.day(r), r.choice((8, 10))
    goods = [(r.choice(_JAPANESE_GOODS), r.randint(80, 2900)) for _ in range(r.randint(2, 7))]
    subtotal = sum(price for _, price in goods)
    within = r.random() < 0.5
    tax = subtotal * rate // (100 + rate if within else 100)
    total = subtotal if within else subtotal + tax
    paid = (total // 1000 + 1) * 1000
    taxed = (f"(内消費税等{rate}%", f"¥{tax:,})") if within else (f"外税{rate}%", f"¥{tax:,}")
    sums = [("小計", f"¥{subtotal:,}"), taxed, ("合計", f"¥{total:,}")]
    lines = [
        (r.choice(("領収書", "領収証")), ""),
        (f"{when:%Y年%m月%d日} {r.randint(8, 22):02}:{r.randint(0, 59):02}", f"レジ{digits(r, 4)}"),
        *((name, f"¥{price:,}") for name, price in goods),
        *(sums if not within else [sums[0], sums[2], sums[1]]),
        (r.choice(("お預り", "お預かり", "現金")), f"¥{paid:,}"),
        (r.choice(("お釣り", "おつり", "お釣")), f"¥{paid - total:,}"),
        ("お買上点数", f"{len(goods)}点"),
    ]
    amounts = {"total": total, "subtotal": subtotal, "tax": tax}
    amounts |= {"paid": paid, "change": paid - total}
    truth = {"merchant": merchant, "date": str(when)}
    truth |= {name: str(amount) for name, amount in amounts.items()}
    return _till(merchant, lines, truth, "japanese_receipt")


def _goods(r: Random, kinds: Sequence[str]) -> list[tuple[str, Decimal]]:
    return [(r.choice(kinds), r.randint(150, 9900) * _CENT) for _ in range(r.randint(2, 7))]


def _truth(merchant: str, when: object, **amounts: Decimal) -> dict[str, str]:
    return {
        "merchant": merchant,
        "date": str(when),
        **{name: f"{amount:.2f}" for name, amount in amounts.items()},
    }


def _till(
    merchant: str, lines: list[tuple[str, str]], truth: dict[str, str], template: str = "receipt"
) -> Specimen:
    prints = [Print(300, 40, merchant, 34, align="middle")]
    for k, (left, right) in enumerate(lines):
        y = 110 + 44 * k
        prints.append(Print(40, y, left, 26))
        if right:
            prints.append(Print(560, y, right, 26, align="right"))
    return Specimen(template, 600, 170 + 44 * len(lines), tuple(prints), truth)

"""Lines of Chinese papers: invoices, tickets, shop and card slips, exam sheets."""

from __future__ import annotations

from random import Random

from penjing.synth.texts import codes
from penjing.synth.texts.chinese_fields import colon, company, filled, person, pinyin, upper_amount
from penjing.synth.texts.figures import UP, digits, moment, money, number, quantity
from penjing.synth.texts.phrases import phrases
from penjing.synth.texts.vocabulary import Vocabulary

WORDS = phrases("chinese")
ENGLISH = phrases("english")


def invoice(r: Random, v: Vocabulary) -> str:
    """A line of a VAT invoice or of the bookkeeping about it."""
    shape, one = r.random(), r.choice
    if shape < 0.08:
        return codes.cipher(r)
    if shape < 0.16:
        amount = upper_amount(10 ** (r.random() * 6)).replace("圆", one("圆圆元"))
        amount = amount.replace("整", one(("整", "整", "", "正")))
        return one(("", "", "", "大写：", "（大写）", "人民币")) + amount
    if shape < 0.24:
        return company(r, v)
    if shape < 0.29:
        kind = one(("普通发票", "专用发票", "发票", "电子普通发票", "电子专用发票"))
        return v.place(r) + one(("增值税", "增值税", "")) + kind
    if shape < 0.34:
        branch = one(WORDS.banks) + v.place(r) + one(("支行", "分行", "营业部"))
        return branch + one(("", "", " " + digits(r, 16), digits(r, r.randint(12, 20))))
    if shape < 0.39:
        return str(one(WORDS.invoice_goods))
    if shape < 0.43:
        groups = " ".join(digits(r, 5) for _ in range(one((1, 2, 4, 4))))
        return one(("校验码", "校验码：", "校验码 ", "")) + groups
    return filled(r, v, one(WORDS.invoice_fields))


def ticket(r: Random, v: Vocabulary) -> str:
    """Railway and other tickets."""
    shape, one, upto = r.random(), r.choice, r.randint
    if shape < 0.16:
        name = one(WORDS.cities) if r.random() < 0.4 else v.place(r).rstrip("市县区")
        return name + one(("", "东", "西", "南", "北")) + one(("站", "站", "", " 站", "售"))
    if shape < 0.26:
        return pinyin(r)
    if shape < 0.34:
        return one("GDCKTZ") + number(r)[:4]
    if shape < 0.42:
        return f"{upto(1, 17):02}车{upto(1, 19):02}{one('ABCDF')}号"
    if shape < 0.46:
        return f"{upto(1, 17):02}车{upto(1, 118):03}号{one(('', '上铺', '中铺', '下铺'))}"
    if shape < 0.54:
        return f"{one('￥¥￥')}{r.random() * 10 ** upto(1, 3):.1f}{one(('元', '元', ''))}"
    if shape < 0.64:
        day = f"{upto(2008, 2030)}年{upto(1, 12):02}月{upto(1, 28):02}日"
        return f"{day}{upto(0, 23):02}:{upto(0, 59):02}开"
    if shape < 0.70:
        return f"{digits(r, 14)}{one(UP)}{digits(r, 6)}"
    if shape < 0.75:
        return f"{digits(r, 10)}****{digits(r, 3)}{one('0123456789X')}{one(('', person(r)))}"
    if shape < 0.80:
        where = one(("候车", "检票", "检票口", "登机口")) + colon(r)
        return where + one("一二三四12345") + one(("层候车室", "楼", "A", "B", "号口"))
    return str(one(WORDS.ticket_words))


def slip(r: Random, v: Vocabulary) -> str:
    """Receipts and card slips of Chinese shops."""
    shape, one = r.random(), r.choice
    if shape < 0.10:
        return str(one(WORDS.banks))
    if shape < 0.16:
        return v.brand(r) + one(WORDS.shop_kinds)
    if shape < 0.30:
        return _goods(r, v.word(r))
    if shape < 0.36:
        return moment(r)
    name = one(WORDS.slip_fields)
    if r.random() < 0.15:
        name = name.replace("(", "（").replace(")", "）")
    return filled(r, v, name)


def caption(r: Random, v: Vocabulary) -> str:
    """The Chinese name of a form's field, and English that looks like its translation."""
    one = r.choice
    name = one(WORDS.slip_fields + WORDS.label_fields + WORDS.invoice_fields)
    name = name.partition("(")[0] if r.random() < 0.6 else v.word(r)
    if r.random() < 0.12:
        name += one("&/、") + v.word(r)
    words = [v.english_word(r) for _ in range(one((1, 1, 2, 2, 3)))]
    if r.random() < 0.4:
        words[0] = one(ENGLISH.fields)
    if r.random() < 0.25:
        words[-1] = one(("NO.", "No.", "NUMBER", "CODE", "NAME", "TYPE", "DATE"))
    meaning = one((" ", " ", " ", "&", "/", ".")).join(words)[:22].strip()
    meaning = meaning.upper() if r.random() < 0.75 else meaning.title()
    shape = r.random()
    if shape < 0.8:
        return f"{name}({meaning})" if shape < 0.7 else f"{name}（{meaning}）"
    return f"{name}{one((' ', ' ', '/'))}{meaning}{one(('', '', ':', '：'))}"


def _goods(r: Random, name: str) -> str:
    """One thing bought: with its price, number, size, or alone."""
    return r.choice(
        (
            name,
            f"{name} {money(r)}",
            f"{name} x{r.randint(1, 9)}",
            f"{name} {r.randint(1, 9)} {money(r)}",
            f"{r.randint(1, 30)}.{name}",
            f"{name}({quantity(r)})",
            f"{name}（{r.choice('大中小')}份）",
        )
    )


def exam(r: Random, v: Vocabulary) -> str:
    """Exam papers and sums."""
    shape, one, upto = r.random(), r.choice, r.randint
    if shape < 0.42:
        return _sum(r)
    if shape < 0.75:
        head = one(
            [
                "一、",
                "二、",
                "三、",
                "四、",
                "五、",
                "1. ",
                "2. ",
                "3.",
                "4、",
                "5. ",
                "（1）",
                "(2)",
                "",
            ]
        )
        points = f"（{upto(1, 40)} 分）", f"（共 {upto(5, 60)} 分）", f"({upto(1, 40)}分)"
        tail = one(("", "。", "：", "。" + points[0], *points, f"（每题{upto(1, 9)}分）"))
        return head + one(WORDS.exam_tasks) + tail
    if shape < 0.88:
        return one("ABCD") + one((".", "、", ". ")) + v.word(r)
    question = v.window(r, upto(4, 20)) + one(("（ ）", "( )", "。", "？", ""))
    return f"{upto(1, 40)}{one(('.', '、', '. '))}{question}"


def _sum(r: Random) -> str:
    def term() -> str:
        return f"{r.random() * 10 ** r.randint(0, 3):.{r.choice((0, 0, 1, 2))}f}"

    terms = term() + "".join(r.choice("+-×÷") + term() for _ in range(r.choice((1, 1, 2))))
    if r.random() < 0.2:
        return f"{terms}{r.choice('○<>=')}{number(r)}"
    return terms + r.choice(("=", "=", "=", "", f"={number(r)}", "≈"))

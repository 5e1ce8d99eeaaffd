"""Strings that mean something to a machine: plates, cable tags, cards, serials, files, code."""

from __future__ import annotations

from random import Random

from penjing.runtime.plates import PROVINCES
from penjing.synth.texts.figures import HEX, LOW, SYMBOLS, UP, date, digits, number, some
from penjing.synth.texts.phrases import phrases

WORDS = phrases("codes")

PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O
MISTAKEN = "QQGGDDBSZWMNPEU"  # often misread on far plates, so drawn oftener

LETTERS = UP[:25]  # of tags: Z, which a label printer's 2 looks like, is hardly ever used
POLES = ["PE", "N", "L1", "L2", "L3", "U", "V", "W", "+", "-"]
SUPPLIES = ["24V", "0V", "220V", "380V", "PE", "DI", "DO", "AI", "AO", "GND"]
VOLTAGES = ["24", "24", "24", "12", "48", "220", "11", "21", "22"]
IN_OUT = ["DI", "DO", "AI", "AO"]


def plate(r: Random) -> str:
    """A Chinese licence plate; new-energy ones have one character more."""
    head = r.choice(PROVINCES if r.random() < 0.7 else "皖皖皖苏浙沪粤京") + r.choice(
        "A" * 6 + PLATE_LETTERS
    )
    tail = list(digits(r, 5))
    for place in r.sample(range(5), r.choice((0, 1, 1, 2, 2))):
        tail[place] = r.choice(PLATE_LETTERS if r.random() < 0.6 else MISTAKEN)
    kind = r.random()
    if kind < 0.12:
        tail.insert(0, r.choice("DF"))
    elif kind < 0.16:
        tail[-1] = r.choice("学警挂港澳")
    return head + ("·" if r.random() < 0.55 else "") + "".join(tail)


def tag(r: Random) -> str:
    """Marks on cables, terminals and relays (IEC 81346 and the like)."""
    one = r.choice
    letters = one(WORDS.devices) if r.random() < 0.7 else some(r, LETTERS, 1, 2)
    small, large = r.randint(1, 20), number(r)[:4]
    return one(
        (
            f"-{letters}{large}",
            f"{letters}{large}",
            f"{letters}{small}:{number(r)[:2]}",
            f"{letters}{small}{one(':.')}{r.randint(1, 12)}:{r.randint(1, 12)}",
            f"{letters}{small}:{one(POLES)}",
            f"{small}{letters}{large}",
            f"{r.randint(1, 9)}{one('NPLMF')}{one(VOLTAGES)}",
            f"{one((r.randint(1, 9), ''))}{one('NPLMF')}{one(VOLTAGES)}",
            f"{r.randint(1, 3)}{one('NPLMS')}{digits(r, 2)}",
            f"{one(('', '-'))}{letters}{one(('', r.randint(1, 9)))}{one('NPLMFI')}{one(VOLTAGES)}",
            f"{letters}{small}{one(LETTERS)}{digits(r, 2)}",
            f"{one(SUPPLIES)}_{digits(r, r.randint(2, 4))}",
            f"{one(SUPPLIES)}_{one(SUPPLIES)}{digits(r, r.randint(1, 3))}",
            f"{one(SUPPLIES)}_{one(IN_OUT)}{r.randint(0, 32):02}",
            digits(r, one((2, 3, 3, 4, 4, 4, 5))),
            f"{r.randint(1, 3)}{digits(r, one((2, 3, 3, 4)))}",
            f"{one((1, 2, 'Q', 'I', ''))}{digits(r, 1)}{one('EFG')}{r.randint(0, 24):02}",
            f"{digits(r, r.randint(1, 3))}{one(LETTERS + 'ABCCC')}",
            f"{r.randint(1, 199)}{one('EFGHNPC')}{digits(r, 2)}",
            f"{one('IOQ')}{number(r)[:3]}{one(('', '.' + number(r)[:2], 'G' + digits(r, 2)))}",
            f"{one('=+-')}{letters}{small}{one('-+')}{some(r, LETTERS, 1, 2)}{number(r)[:2]}",
            f"-{one(WORDS.devices)}{small}",
            f"-{letters}{small}{one(LETTERS)}{one((number(r)[:2], some(r, LETTERS, 1, 2)))}",
            f"-{letters}{some(r, LETTERS, 2, 4)}",
            f"-{one(LETTERS)}{number(r)[:2]}",
            f"{r.randint(1, 9)}{one(LETTERS)}{digits(r, 2)}",
            f"{one(('', 'I', 'Q', 'O'))}{r.randint(1, 199)}{one('EFG')}{r.randint(0, 24):02}",
            f"{one('IIQ')}{digits(r, 2)}{one('EFG')}{r.randint(0, 24):02}",
            f"{one('IIQQM')}{r.randint(0, 31)}.{r.randint(0, 7)}",
            f"{letters}{r.randint(1, 9)}:{r.randint(1, 9)}",
            f"{letters}{r.randint(1, 9)}{one(':.')}{r.randint(1, 9)}{one(':.')}{r.randint(1, 9)}",
            f"-{one('QFKEXSGT')}{one('FAMSE')}{one('1I2')}{some(r, LETTERS, 1, 2)}{number(r)[:2]}",
            f"{letters}-{number(r)[:3]}{one(('', f'-{one(LETTERS)}', f'_{letters}{small:02}'))}",
        )
    )


def card(r: Random) -> str:
    """Groups of a bank card's number, its last digits, or the month until which it is valid."""
    shape = r.random()
    if shape < 0.62:
        return digits(r, 4)
    if shape < 0.68:
        return digits(r, r.choice((2, 3, 3, 5, 6)))
    if shape < 0.72:  # across the gap between two groups
        return f"{digits(r, r.choice((1, 2, 3)))} {digits(r, r.choice((1, 1, 2)))}"
    if shape < 0.87:
        return " ".join(digits(r, 4) for _ in range(r.choice((2, 3, 4, 4)))) + r.choice(
            ("", "", " " + digits(r, 3))
        )
    if shape < 0.94:
        return f"{r.randint(1, 12):02}/{r.randint(15, 35)}"
    return f"{digits(r, 4)}{'*' * r.randint(4, 9)}{digits(r, 4)}"


def serial(r: Random) -> str:
    """Order, part and document numbers."""
    return r.choice(
        (
            digits(r, r.randint(6, 20)),
            some(r, UP, 1, 3) + digits(r, r.randint(3, 12)),
            f"{some(r, UP, 1, 4)}-{digits(r, r.randint(2, 6))}",
            f"{some(r, UP, 1, 3)}{digits(r, 2)}-{some(r, UP + '0123456789', 2, 6)}",
            f"{some(r, UP, 2, 2)}-{r.choice(UP)}-{digits(r, 4)}",
            f"{some(r, HEX, 4, 4)}-{some(r, HEX, 4, 4)}-{some(r, HEX, 4, 4)}",
            some(r, UP + "0123456789", 5, 18),
            f"{digits(r, 4)}-{digits(r, 4)}",
            f"NO.{digits(r, r.randint(3, 9))}",
            f"No. {digits(r, r.randint(3, 9))}",
            f"#{digits(r, r.randint(2, 8))}",
            f"{digits(r, 6)}-{r.choice(UP)}",
            f"GB/T {digits(r, r.choice((4, 5)))}-{r.randint(1990, 2025)}",
            f"Q/{some(r, UP, 3, 4)} {digits(r, 4)}S",
            some(r, LOW + "0123456789", 6, 16),
            f"{digits(r, 17)}{r.choice('0123456789X')}",
            f"{r.choice('GDCKTZ')}{r.randint(1, 9999)}",
        )
    )


def cipher(r: Random) -> str:
    """A line of an invoice's cipher field: digits and + - * / < >."""
    signs = r.choices("0123456789+-*/<>", weights=[4] * 10 + [1.6] * 6, k=r.randint(14, 30))
    return "".join(signs)


def symbols(r: Random) -> str:
    """A mark alone, a short run of marks, or a rule of one of them."""
    shape = r.random()
    if shape < 0.45:
        return r.choice(SYMBOLS + "：，。、；！？（）【】《》“”·…￥★●■◆→①②③④⑤√×")
    if shape < 0.7:
        return r.choice("-=*_.#~+") * r.randint(3, 30)
    return some(r, SYMBOLS, 2, 8)


def web(r: Random, word: str) -> str:
    """Addresses of web sites and of e-mail."""
    name, domain = word.lower(), r.choice(WORDS.domains)
    return r.choice(
        (
            f"www.{name}.{domain}",
            f"http://www.{name}.{domain}",
            f"https://{name}.{domain}/{some(r, LOW, 2, 8)}",
            f"{some(r, LOW, 3, 8)}@{name}.{domain}",
            f"{name}{digits(r, r.randint(2, 4))}@{r.choice(('qq', '163', 'gmail', 'hotmail'))}.com",
            f"{name}.{domain}",
            f"@{name}_{digits(r, 2)}",
        )
    )


def file_name(r: Random, word: str) -> str:
    stamp = r.choice(
        (digits(r, 14), date(r).replace("/", "-"), digits(r, 3), f"({r.randint(1, 20)})")
    )
    joint = r.choice(("_", "-", "", " ", " - "))
    name = f"{word}{joint}{stamp}.{r.choice(WORDS.extensions)}"
    folder = r.choice(
        ("", "", "", f"{some(r, LOW, 3, 7)}/", f"C:\\{some(r, LOW, 3, 7)}\\", "./", "~/")
    )
    return folder + name


def code_line(r: Random, word: str, text: str) -> str:
    """A line of JSON, of a program or of a shell, as screenshots show them."""
    name = word.lower() + r.choice(("", "", "_id", "_name", "List", "Code", "s"))
    value = r.choice(
        (f'"{text}"', f'"{digits(r, r.randint(4, 18))}"', number(r), "true", "false", "null")
    )
    return r.choice(
        (
            f'"{name}": {value},',
            f'"{name}": {value}',
            f'"{text}": {value},',
            f'"{name}": {{',
            f'"{name}": [',
            "},",
            "}",
            "],",
            f"{name} = {value}",
            f"def {name}(self, {some(r, LOW, 1, 6)}):",
            f"import {name}",
            f"return {name}[{number(r)}]",
            f"if {name} == {number(r)}:",
            f"for i in range({number(r)}):",
            f"pip install {name}",
            f"$ cd /{name}/{some(r, LOW, 2, 6)}",
            f"<{name}>{text}</{name}>",
            f'<div class="{name}">',
            f"// {text}",
            f"# {text}",
            f"print({name})",
            f"{name}: {value}",
            f"{some(r, LOW, 2, 6)}.{name}({number(r)});",
            f"int {name} = {number(r)};",
            f"SELECT * FROM {name};",
            f"[{name}] {clock_like(r)} {word}",
        )
    )


def clock_like(r: Random) -> str:
    return f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"

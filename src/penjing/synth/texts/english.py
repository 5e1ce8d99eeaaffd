"""Lines of English papers: shop receipts above all, then letters, signs and running words."""

from __future__ import annotations

import re
from random import Random

from penjing.synth.texts import codes
from penjing.synth.texts.figures import (
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
from penjing.synth.texts.phrases import phrases
from penjing.synth.texts.vocabulary import Vocabulary

WORDS = phrases("english")


SETS_OFF = re.compile(r"(?<=[A-Za-z)]) ?:(?! ?[A-Za-z]:)|(?<=[A-Za-z]) ?\(|(?<=\w) ?[/-] ?(?=\w)")


def aired(r: Random, text: str) -> str:
    """``text``, sometimes with the spaces that some typists put before : and (, around / and -."""
    if r.random() < 0.65:
        return text

    def spaced(found: re.Match[str]) -> str:
        mark = found[0].strip()
        return f" {mark}" if mark in ":(" else f" {mark} "

    return SETS_OFF.sub(spaced, text)


def cased(r: Random, text: str) -> str:
    """``text`` as it came (mostly capitals, as tills print), or in another use of capitals."""
    shape = r.random()
    return (
        text
        if shape < 0.52
        else text.title()
        if shape < 0.85
        else text.capitalize()
        if shape < 0.94
        else text.lower()
    )


def item(r: Random, v: Vocabulary) -> str:
    words = [
        r.choice(WORDS.goods) if r.random() < 0.7 else v.english_word(r).upper()
        for _ in range(r.choice((1, 2, 2, 3, 3, 4)))
    ]
    name = " ".join(words)
    shape = r.random()
    if shape < 0.2:
        name += (
            f" {quantity(r).replace(' ', '').upper()}"
            if r.random() < 0.7
            else f" ({r.choice(WORDS.goods)})"
        )
    elif shape < 0.35:
        name = f"{number(r)[:4]}{r.choice((' ', '-', '. ', ' x ', ' X '))}{name}"
    elif shape < 0.38:  # so many litres, pieces, large or small ones: l and 1 stand together
        name = f"{r.randint(1, 12)} {r.choice('LSMXPx')} {digits(r, r.randint(1, 3))}{name.title()}"
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
    if shape < 0.18:
        return cased(r, item(r, v))
    if shape < 0.33:
        return dollars(r)
    if shape < 0.48:
        return field(r, v)
    if shape < 0.53:
        return due(r)
    if shape < 0.56:
        return tax(r)
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
        return cased(r, r.choice(WORDS.closings)) + r.choice(("", "", "", "!", "!!", " !", "."))
    if shape < 0.79:
        return company(r, v)
    if shape < 0.83:
        name = r.choice(("TEL", "Tel", "TEL NO", "FAX", "Phone", "H/P", "Tel No."))
        return name + r.choice((":", ": ", " : ", " ", ".:")) + telephone(r)
    if shape < 0.88:
        return codes.serial(r) if r.random() < 0.75 else registration(r)
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
                f"{r.choice('*#-@&')}{r.choice(UP)}",
                f"{r.choice(UP)}{r.choice('*#')}{r.choice(('', ':', ' :'))}",
                f"{r.choice(UP)}{r.randint(1, 9)}",
                "0",
                "00",
            )
        )
    if shape < 0.96:
        times = r.choice(("x", "X", "@", "*", "PCS", "PC", "UNIT", "EA"))
        if r.random() < 0.25:  # so many of an article number, which begins with zeros
            return f"{r.randint(1, 9)}{r.choice('xxX')} {digits(r, r.randint(4, 8)).zfill(12)}"
        return f"{r.randint(1, 20)} {times} {money(r)}"
    return (
        f"({number(r)}{'-' + r.choice(UP) if r.random() < 0.6 else ''})"
        if r.random() < 0.5
        else codes.symbols(r)
    )


def field(r: Random, v: Vocabulary) -> str:
    """A field's name, often with its colon, sometimes with its value."""
    name = cased(r, r.choice(WORDS.fields))
    shape = r.random()
    if shape < 0.36:
        return name
    if shape < 0.4:
        return set_off(r, name)
    if shape < 0.7:
        return name + r.choice((":", ":", " :", ": ", "-", ".")).rstrip()
    value = r.choice((dollars, day, number, codes.serial, clock))(r)
    return f"{name}{r.choice((': ', ':', ' : ', ' ', ' #', ' - '))}{value}"


def due(r: Random) -> str:
    """What is to be paid, or was: a sum's name of two to four words, often with its colon."""
    words = [r.choice(WORDS.sums), r.choice(WORDS.amounts)]
    if r.random() < 0.5:
        words.append(r.choice(WORDS.bounds))
    if r.random() < 0.25:
        words.insert(1, r.choice(WORDS.amounts))
    name = cased(r, " ".join(words)) + r.choice(("", "", ":", " :", ":"))
    return name if r.random() < 0.8 else f"{name} {dollars(r)}"


def tax(r: Random) -> str:
    """A tax and its rate, now and then behind its short name: SR = GST @ 6%."""
    one = r.choice
    rate = f"{one((0, 0, 3, 5, 6, 6, 6, 7, 8, 10, 12, 15, 20))}{one(('%', '%', '%', ' %', '.0%'))}"
    text = f"{one(WORDS.taxes)}{one((' @', ' @ ', '@', '@', ' ', ' (', '(', '-'))}{rate}"
    text += ")" if "(" in text else ""
    if r.random() < 0.3:
        text = f"{one(WORDS.taxes)}{one((' = ', '=', ': ', ' - '))}{text}"
    return text + one(("", "", "", ":", " :", f" {money(r)}", " INCLUDED", " SUMMARY"))


def company(r: Random, v: Vocabulary) -> str:
    """A firm's name, some begin with initials, some tell their country."""
    name = v.english_word(r).upper()
    if r.random() < 0.25:
        name = some(r, UP, 2, 3)
        name = r.choice((".", ". ", " ")).join(name) + r.choice(("", "."))
    branch = r.choice(("", "", "", "(M) ", "(KL) ", "(S) ", "& CO. "))
    good = f"{r.choice(WORDS.goods)} " if r.random() < 0.7 else ""
    return cased(r, f"{name} {good}{branch}{r.choice(WORDS.company_ends)}")


def registration(r: Random) -> str:
    """The number a firm is registered under: letters, digits, a check letter, brackets."""
    number_ = f"{some(r, UP, 0, 2)}{digits(r, r.choice((6, 6, 7, 7, 8, 10)))}"
    number_ += r.choice(("", f"-{r.choice(UP)}", f" {r.choice(UP)}", f"-{r.choice(UP)}"))
    return f"({number_})" if r.random() < 0.5 else number_


def set_off(r: Random, text: str) -> str:
    """A heading in brackets or between stars, now and then with a number in it."""
    if r.random() < 0.4:
        text += f"{r.choice((' :', ':', ' ', ' #'))}{digits(r, r.randint(1, 4))}"
    left, right = r.choice(("[]", "[]", "()", "<>", "**", "--", ("** ", " **"), ("-- ", " --")))
    return f"{left}{text}{right}"


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
    part = f"{r.choice(UP)}{digits(r, 2)}/{r.choice(UP)}"
    text = r.choice(
        (
            f"NO. {number_}, {r.choice(WORDS.streets)} {name} {number(r)[:2]}",
            f"NO.{number_},{r.choice(WORDS.streets)} {name} {r.choice('XIV')} ,{part}",
            f"{number_}, {r.choice(WORDS.streets)} {name}",
            f"{number_} {name} {r.choice(WORDS.streets)}",
            f"LOT {number_}, {r.choice(WORDS.streets)} {name},",
            f"{digits(r, 5)} {name}, {r.choice(WORDS.regions)}",
            f"{digits(r, 5)} {r.choice(WORDS.regions)}.",
            f"{r.choice(WORDS.streets)} {name} {number(r)[:2]}/{number(r)[:2]},",
            f"{r.choice(WORDS.regions)} {digits(r, 5)}",
            f"{name}, {r.choice(WORDS.regions)}",
        )
    )
    return cased(r, text)


def board(r: Random, v: Vocabulary) -> str:
    """What stands over shops and at corners of streets: a name, a trade, one or two words."""
    word, shape = v.english_word(r), r.random()
    text = (
        word
        if shape < 0.5
        else f"{word} {v.english_word(r)}"
        if shape < 0.64
        else str(r.choice(WORDS.shops))
        if shape < 0.76
        else f"{word} {r.choice(WORDS.shops)}"
        if shape < 0.88
        else f"{word} {r.choice(WORDS.places)}"
        if shape < 0.94
        else f"{word}{r.choice(' &-+')}{v.english_word(r)}"
    )
    shape = r.random()
    return text.upper() if shape < 0.68 else text.title() if shape < 0.93 else text.lower()


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
        text = f"{v.english_word(r).title()} {r.choice(WORDS.places)}"
    else:
        joint = r.choice((", ", ": ", " - ", ". ", "; ", " & ", "/", " (", " = "))
        text = v.english_word(r) + joint + v.english_word(r)
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

"""Check characters of Chinese tax numbers.

A taxpayer's number is nowadays the unified social credit code of 18 characters (GB 32100-2015):
authority, kind, six digits of a district, nine characters of the organisation with a check
character of their own (GB 11714-1997), and a check character over all.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
DISTRICT = slice(2, 8)
ORGANISATION = slice(8, 17)
UNCHECKED_LENGTHS = (15, 20)  # numbers given out before 2015, which carry no check character

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first: str) -> str:
    """The 18th character of a code, from its first 17. Raises ValueError outside the alphabet."""
    total = sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS, first, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first: str) -> str:
    """The 9th character of an organisation's code, from its first 8, where A counts 10."""
    total = sum(w * int(c, 36) for w, c in zip(_ORGANISATION_WEIGHTS, first, strict=True))
    return "0123456789X0"[11 - total % 11]


def well_formed(code: str) -> bool:
    """18 characters of the alphabet, digits where a district must be."""
    return (
        len(code) == 18
        and all(c in ALPHABET for c in code)
        and code[DISTRICT].isascii()
        and code[DISTRICT].isdigit()
    )


def checks(code: str) -> tuple[bool, bool]:
    """Whether the check characters over all, and of the organisation, are right."""
    if not well_formed(code):
        return False, False
    organisation = code[ORGANISATION]
    return (
        check_character(code[:17]) == code[17],
        organisation_check(organisation[:8]) == organisation[8],
    )

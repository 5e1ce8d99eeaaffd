"""On a licence plate a letter follows the province, as far as its picture allows."""

from __future__ import annotations

import numpy as np
from doubts import mended
from hypothesis import given
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime.plates import PROVINCES, with_office

CHARSET = Charset.of([*PROVINCES, *"0123456789ABCDEFGH·年"])
LIKE = dict(zip("0123456789", "D年年B·年G年BH", strict=True)) | {"4": "A", "8": "B"}


def read(text: str, chance: float = 0.1) -> tuple[str, list[float]]:
    """``text`` as a picture shows it whose digits may, so probably, be what they look like."""
    likes = "".join(LIKE.get(c, "年") for c in text)
    return mended(with_office, CHARSET, text, likes, chance)


def test_an_a_that_looks_like_a_4() -> None:
    text, confidence = read("皖45G433")
    assert text == "皖A5G433"
    assert confidence[1] == np.float32(0.1)
    assert confidence[2] == 0.9
    assert read("粤8·12345")[0] == "粤B·12345"
    assert read("皖4D12345")[0] == "皖AD12345", "a new-energy plate"


def test_the_picture_has_the_last_word() -> None:
    assert read("皖45G433", 0.001)[0] == "皖45G433"
    assert read("皖15G433")[0] == "皖15G433", "nothing like a letter"


def test_what_is_no_plate() -> None:
    for text in ("年45G433", "皖4500", "皖45678901", "皖45年433", "4皖5G433", "皖", ""):
        assert read(text)[0] == text


@given(st.text(alphabet="".join(CHARSET.characters), max_size=10))
def test_nothing_but_the_second_character_changes_and_only_into_a_letter(text: str) -> None:
    after = read(text)[0]
    assert after == text or (
        text[1].isdigit() and after[1].isalpha() and after[:1] + after[2:] == text[:1] + text[2:]
    )

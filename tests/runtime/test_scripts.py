"""A line is written in one script: strays take its form where their picture allows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.scripts import CLEAR, UNLIKELY, in_one_script
from penjing.synth.language_table import learnt

TWINS = {"内": "內", "爱": "愛", "难": "難", "来": "來"}
JAPANESE = {"脑": "脳", "腦": "脳"}
CHARSET = Charset.of([*TWINS, *TWINS.values(), *JAPANESE, "人之初a1のカと脳"])
LANGUAGE = learnt(CHARSET, ["人之初"], TWINS.items(), JAPANESE.items())
OTHER = TWINS | {b: a for a, b in TWINS.items()} | JAPANESE
TEXT = st.text(alphabet="".join(CHARSET.characters), max_size=12)


def seen(text: str, chance: float) -> tuple[Decoded, Frames]:
    """``text`` as a picture shows it whose characters may be their twins, so probably."""
    classes = np.array(CHARSET.encode(text), np.int64)
    sure = np.full(len(text), 1 - chance, np.float32)
    twins = np.array([*map(CHARSET.encode, (OTHER.get(c, "人") for c in text))]).reshape(-1)
    alternatives = np.stack([classes, twins.astype(np.int64)], 1)
    chances = np.log(np.tile(np.array([1 - chance, chance], np.float32), (len(text), 1)))
    places = list(range(len(text)))
    decoded = Decoded(classes.tolist(), [*map(float, places)], sure.tolist(), places)
    return decoded, Frames(classes, sure, alternatives, chances)


def written(text: str, chance: float = 0.01) -> str:
    return CHARSET.decode(in_one_script(*seen(text, chance), LANGUAGE).classes)


def strays(text: str) -> int:
    simplified, traditional = (sum(c in forms for c in text) for forms in (TWINS, TWINS.values()))
    return min(simplified, traditional)


def test_the_script_of_the_line_decides_between_forms_that_look_alike() -> None:
    assert written("人內來内") == "人內來內"
    assert written("爱內来") == "爱内来"
    assert written("内來") == "内來", "one of each tells nothing"


def test_japanese_has_characters_of_both_scripts_and_forms_of_its_own() -> None:
    assert written("人內の來内") == "人內の來内"
    assert written("人の脑と腦") == "人の脳と脳"
    assert written("人内の") == "人内の", "what has no third form stays"
    assert written("人人人人人人の脑") == "人人人人人人の脑", "one kana makes no Japanese line"


def test_a_clear_picture_is_not_overruled() -> None:
    assert written("人內來内", chance=float(np.exp(UNLIKELY)) / 2) == "人內來内"


def test_a_changed_character_is_as_sure_as_its_picture_makes_it() -> None:
    decoded = in_one_script(*seen("來難内", 0.01), LANGUAGE)
    np.testing.assert_allclose(decoded.confidence, [0.99, 0.99, 0.01], rtol=1e-5)


@given(TEXT)
def test_nothing_else_changes_and_a_line_in_one_script_nothing_at_all(text: str) -> None:
    after = written(text)
    assert all(now in (was, OTHER.get(was)) for was, now in zip(text, after, strict=True))
    assert written(after) == after
    counts = [sum(c in forms for c in text) for forms in (TWINS, TWINS.values())]
    kana = sum(c in "のカと" for c in text)
    if kana and 6 * kana >= len(text):
        assert after == "".join(JAPANESE.get(c, c) for c in text)
    elif max(counts) >= CLEAR * min(counts):
        assert strays(after) == 0
    else:
        assert after == text

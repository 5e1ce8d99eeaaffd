"""Japanese lines where the character set has kana."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from penjing.charset import DEFAULT, Charset
from penjing.errors import DataError
from penjing.synth.assets.corpus import KANA, ipadic_words
from penjing.synth.texts import japanese
from penjing.synth.texts.sampler import TextSampler


def test_words_of_the_dictionary_are_its_first_column(tmp_path: Path) -> None:
    table = tmp_path / "Noun.csv"
    table.write_bytes("峠,1285,1285,5263,名詞\n焼き鳥,1285,1285,4096,名詞\n".encode("euc_jp"))
    assert list(ipadic_words(table)) == ["焼き鳥"], "single characters are no words"


def test_lines_have_kana_and_stay_within_the_set() -> None:
    charset = Charset.load(DEFAULT)
    try:
        sampler = TextSampler(charset)
    except DataError as error:
        pytest.skip(str(error))
    if not sampler.vocabulary.japanese:
        pytest.skip("no Japanese texts fetched: penjing data fetch")
    lines = [japanese.line(Random(seed), sampler.vocabulary) for seed in range(300)]
    assert all(charset.covers(line) for line in lines)
    assert sum(bool(KANA.search(line)) for line in lines) > 200


def test_a_set_without_kana_gets_none() -> None:
    try:
        sampler = TextSampler(Charset.load("zh-en-v1"))
    except DataError as error:
        pytest.skip(str(error))
    drawn = (sampler.sample(np.random.default_rng([1, k])) for k in range(500))
    assert not any(KANA.search(text.string) for text in drawn)

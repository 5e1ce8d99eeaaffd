"""A network given another character set reads what it knew as before."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.charset import SPELLED, Charset
from penjing.errors import CharsetError
from penjing.models import Plan, build
from penjing.models.backbones import default_channels
from penjing.models.vocabulary import new_characters, with_charset

KNOWN = "0123456789AB"
NEW = "Ø한"


def network(rank: int | None = 8):
    torch.manual_seed(0)
    plan = Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.25), (8,), rank, SPELLED + KNOWN)
    return build(plan).eval()


@settings(max_examples=15)
@given(
    characters=st.sets(st.sampled_from(KNOWN + NEW), min_size=1), rank=st.sampled_from([None, 8])
)
def test_known_characters_keep_their_scores_and_blank_stays(
    characters: set[str], rank: int | None
) -> None:
    before, charset = network(rank), Charset.of(characters)
    after = with_charset(before, charset.name).eval()
    images = torch.randint(0, 256, (2, 1, 32, 64), dtype=torch.uint8)
    with torch.no_grad():
        old, new = before(images), after(images)
        torch.testing.assert_close(after.head.blank_logit(new), before.head.blank_logit(old))
        old, new = before.head.class_logits(old), after.head.class_logits(new)
    for k, c in enumerate(charset.characters):
        expected = old[..., KNOWN.index(c)] if c in KNOWN else old.mean(-1)
        torch.testing.assert_close(new[..., k], expected)
    assert set(new_characters(before, charset.name)) == characters & set(NEW)


def test_the_plan_spells_the_characters_so_that_a_file_needs_no_other() -> None:
    charset = Charset.of(["B2Ø", "0"])
    plan = Plan.from_json(with_charset(network(), charset.name).plan.to_json())
    assert Charset.load(plan.charset).characters == ("0", "2", "B", "Ø")


def test_no_characters_are_refused() -> None:
    with pytest.raises(CharsetError, match="single characters"):
        Charset.of(["", ""])

"""The law of growth: the wider network says what the narrow one said, and all of it can learn."""

from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import batches, network, outputs

from penjing.compression.growth import grown
from penjing.compression.surgery import choose, rebuilt
from penjing.errors import SurgeryError
from penjing.models import load, save
from penjing.models.backbones import families
from penjing.models.groups import wire
from penjing.training.losses import ctc_loss


@pytest.mark.parametrize("family", families())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_grown_says_the_same(family: str, data: st.DataObject) -> None:
    model = network(family, data.draw(st.integers(0, 99)), data.draw(st.sampled_from([None, 12])))
    widths = {}
    for name, group in wire(model).groups.items():
        if data.draw(st.booleans(), label=f"grow {name}"):
            # Not every width suits what ShuffleNet v2's shuffles make of a stage; twice as many do.
            step = group.width if family == "shufflenet_v2" else 8
            widths[name] = group.width + step * data.draw(st.integers(0, 3), label=name)
    wider = grown(model, widths)
    groups = wire(wider).groups
    assert all(groups[name].width == width for name, width in widths.items())
    torch.testing.assert_close(outputs(wider), outputs(model), atol=1e-4, rtol=0)


def test_what_was_grown_can_be_cut_away_again() -> None:
    model = network("mobilenet_v1")
    widths = {name: group.width for name, group in wire(model).groups.items()}
    wider = grown(model, {name: width + 8 for name, width in widths.items()})
    # The first channels of each set are the old ones.
    first = {
        name: (torch.arange(group.size) % group.width < widths[name]).float()
        for name, group in wire(wider).groups.items()
    }
    again = rebuilt(wider, choose(wider.plan, widths, first))
    for name, value in model.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, atol=0, rtol=0)


def test_the_new_channels_learn() -> None:
    """All that listens to them is nought, and must not stay so."""
    model = grown(network("vgg"), {"conv5": 136, "recurrent.1": 14})
    batch = batches(1, 4)[0]
    ctc_loss(model(batch.images), model.head, batch).backward()
    for weight in (model.head.classify.weight, model.head.squeeze.weight):
        assert weight is not None
    silent = model.head.squeeze.weight[:, 6:14]
    assert torch.equal(silent, torch.zeros_like(silent))
    assert model.head.squeeze.weight.grad[:, 6:14].abs().min() > 0


def test_the_narrow_network_stays_as_it_was() -> None:
    model = network("vgg")
    before = outputs(model)
    wider = grown(model, {"conv1": 24})
    with torch.no_grad():
        for p in wider.parameters():
            p.zero_()
    assert torch.equal(outputs(model), before)


def test_a_grown_network_is_saved_and_loaded(tmp_path: Path) -> None:
    wider = grown(network("vgg"), {"rank": 20})
    save(tmp_path / "wide.safetensors", wider, half=False)
    assert torch.equal(outputs(load(tmp_path / "wide.safetensors")), outputs(wider))


def test_a_width_below_its_own_is_refused() -> None:
    with pytest.raises(SurgeryError, match="prune"):
        grown(network("vgg"), {"conv1": 8})


def test_a_width_that_shuffles_would_scatter_is_refused() -> None:
    with pytest.raises(SurgeryError, match="another width"):
        grown(network("shufflenet_v2"), {"stage3": 40})

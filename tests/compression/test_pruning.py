"""Rounds on a real network, lines from a real folder: the gate, the way back, and going on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from lines import Bars, Line, batches, written

from penjing.charset import DEFAULT, Charset
from penjing.compression.distillation import Distillation
from penjing.compression.importance import Scores
from penjing.compression.pruning import Goal, Target, prune
from penjing.compression.rounds import Round, pareto, plot, read_rounds, weights_of
from penjing.compression.schedule import parameter_cost
from penjing.compression.sensitivity import Trial
from penjing.compression.teachers import Network
from penjing.errors import DataError, DivergedError, SurgeryError
from penjing.models import CRNN, Plan, build, load
from penjing.models.backbones import default_channels
from penjing.report.counting import line_cost
from penjing.runtime.pictures import Pixels
from penjing.training.batches import Batch
from penjing.training.config import DataConfig, RunConfig, ScheduleConfig, TrainConfig
from penjing.training.losses import aligned_loss
from penjing.training.metrics import batched, score


def few(parameters: float, **how: Any) -> Goal:
    return Goal((Target("parameters", parameter_cost, parameters),), **how)


TRIALS = [Trial("conv5", 0.5, 0, 1.0, 0.01), Trial("conv6", 0.5, 0, 1.0, 0.02)]


@pytest.fixture(scope="module")
def exam() -> list[Line]:
    return [Bars().render(10_000 + i) for i in range(12)]


@pytest.fixture(scope="module")
def reader(exam: list[Line]) -> CRNN:
    """A network that reads the three glyphs; trained in a few seconds."""
    torch.manual_seed(0)
    model = build(Plan("vgg", default_channels("vgg", 0.125), (16,), 16)).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for batch in batches(70, 8):
        optimizer.zero_grad()
        loss = aligned_loss(model(batch.images), model.head, batch) / len(batch.label)
        loss.backward()
        optimizer.step()
    charset = Charset.load(DEFAULT)
    assert score(model, batched(exam, charset), charset).characters > 0.9
    return model.eval()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("bars"))


def healing(folder: Path) -> TrainConfig:
    return TrainConfig(
        data=DataConfig(folder=str(folder), batch=8, shards=1, pool=2),
        schedule=ScheduleConfig(lines=48, learning_rate=1e-3, ema=0.5),
        run=RunConfig(bf16=False),
    )


def test_rounds_shrink_the_network_and_go_on_after_a_stop(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    goal = few(0.8 * parameter_cost(reader.plan), drop=0.3, share=0.06)
    whole = {name: value.clone() for name, value in reader.state_dict().items()}
    lesson = Distillation(Network(reader))
    stopped = prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path)
    zeroth, first = next(stopped), next(stopped)
    stopped.close()
    going_on = prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path)
    again, second = next(going_on), next(going_on)
    assert again == zeroth
    assert (zeroth.number, first.number, second.number) == (0, 1, 2)
    assert all(r.bytes > 0 and r.milliseconds > 0 for r in (zeroth, first, second))
    assert second.bytes < zeroth.bytes
    rounds = read_rounds(tmp_path / "rounds.jsonl")
    assert [r.number for r in rounds] == [0, 1, 2]
    assert rounds[0].kept
    for before, after in pairwise(rounds):
        if before.kept:
            assert 0.94 * before.parameters <= after.parameters < before.parameters
    kept = [r for r in rounds[1:] if r.kept]
    assert kept
    assert parameter_cost(load(weights_of(tmp_path, kept[-1].number)).plan) == kept[-1].parameters
    assert all(torch.equal(v, whole[n]) for n, v in reader.state_dict().items())
    plot(rounds, tmp_path / "rounds.png")
    assert (tmp_path / "rounds.png").stat().st_size > 1000


def test_a_round_that_no_longer_reads_is_taken_back(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    goal = few(1.0, drop=-1.0, share=0.05, method="random")  # no round can pass
    lesson = Distillation(Network(reader))
    _, *rounds = prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path)
    assert rounds
    assert not any(r.kept for r in rounds)
    assert rounds[-1].resting  # what was tried is let alone, so that the run ends
    assert not list(tmp_path.glob("*.safetensors"))


def test_of_several_targets_the_farthest_goes_first_and_all_are_met(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    near = Target("parameters", parameter_cost, 0.93 * parameter_cost(reader.plan))
    far = Target("multiply_adds", line_cost, 0.85 * line_cost(reader.plan))
    lesson = Distillation(Network(reader))
    goal = Goal((near, far), drop=1.0)
    *_, last = prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path)
    assert last.parameters <= near.value
    assert last.multiply_adds <= far.value
    first = read_rounds(tmp_path / "rounds.jsonl")[1]
    assert first.multiply_adds < 0.92 * line_cost(reader.plan)  # a round of the farther one


def test_channels_are_not_judged_on_the_exam(
    reader: CRNN,
    exam: list[Line],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pictures(lines: Sequence[Batch]) -> set[bytes]:
        return {image.numpy().tobytes() for batch in lines for image in batch.images}

    def seen(method: str, model: CRNN, lines: Sequence[Batch]) -> Scores:
        assert pictures(lines)
        assert pictures(lines).isdisjoint(pictures(batched(exam, Charset.load(DEFAULT))))
        raise KeyboardInterrupt  # that was all

    monkeypatch.setattr("penjing.compression.pruning.importance", seen)
    lesson = Distillation(Network(reader))
    run = prune(reader, TRIALS, few(1.0), lesson, healing(folder), exam, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        list(run)


def test_networks_are_timed_on_lines_as_they_are_of_all_widths(
    reader: CRNN,
    exam: list[Line],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [replace(exam[0], image=exam[0].image[:, : 36 + i]) for i in range(39)]

    def seen(whole: CRNN, pictures: Sequence[Pixels], **_: Any) -> None:
        widths = [picture.shape[1] for picture in pictures]
        assert widths == list(range(36, 36 + 39, 2))
        raise KeyboardInterrupt  # that was all

    monkeypatch.setattr("penjing.compression.pruning.Scales", seen)
    lesson = Distillation(Network(reader))
    run = prune(reader, TRIALS, few(1.0), lesson, healing(folder), lines, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        next(run)


def test_an_unknown_method_is_refused_at_once() -> None:
    with pytest.raises(SurgeryError, match="no method 'tailor'; there are bn_gamma"):
        few(1.0, method="tailor")


def test_a_fine_tuning_that_diverges_leaves_a_folder_to_go_on_with(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    lesson, goal = Distillation(Network(reader)), few(1.0, drop=1.0)
    sane = healing(folder)
    wild = replace(sane, schedule=replace(sane.schedule, learning_rate=1e30))
    with pytest.raises(DivergedError):
        list(prune(reader, TRIALS, goal, lesson, wild, exam, tmp_path))
    run = prune(reader, TRIALS, goal, lesson, sane, exam, tmp_path)
    assert [next(run).number, next(run).number] == [0, 1]


def test_rounds_of_another_network_are_refused(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    goal = few(10.0 * parameter_cost(reader.plan))
    lesson = Distillation(Network(reader))
    assert len(list(prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path))) == 1
    torch.manual_seed(1)
    other = build(Plan("vgg", default_channels("vgg", 0.125), (16,), 24)).eval()
    with pytest.raises(DataError, match="another network"):
        list(prune(other, TRIALS, goal, lesson, healing(folder), exam, tmp_path))


def test_a_broken_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rounds.jsonl").write_text('{"number": 0}\n')
    with pytest.raises(DataError, match="no log of rounds"):
        read_rounds(tmp_path / "rounds.jsonl")


def a_round(milliseconds: float, characters: float) -> Round:
    return Round(0, True, 0, 0, 0, milliseconds, 0.0, 0.0, characters, {}, ())


def test_the_front_holds_what_none_undercuts() -> None:
    slow, good, fast, worse = (
        a_round(*pair) for pair in ((5, 0.99), (3, 0.99), (1, 0.9), (2, 0.8))
    )
    assert pareto([slow, good, fast, worse], "milliseconds") == [fast, good]


def test_a_target_in_milliseconds_is_judged_by_the_real_network(
    reader: CRNN, exam: list[Line], folder: Path, tmp_path: Path
) -> None:
    guesses: list[Plan] = []

    def guess(plan: Plan) -> float:
        guesses.append(plan)
        return parameter_cost(plan) / parameter_cost(reader.plan)

    fast = Target("milliseconds", guess, 1e-9)  # no network is as fast as that
    goal = Goal((fast,), drop=1.0)
    lesson = Distillation(Network(reader))
    run = prune(reader, TRIALS, goal, lesson, healing(folder), exam, tmp_path)
    zeroth, first = next(run), next(run)
    assert guesses
    assert first.parameters < zeroth.parameters
    lax = Goal((replace(fast, value=10 * zeroth.milliseconds),), drop=1.0)
    assert len(list(prune(reader, TRIALS, lax, lesson, healing(folder), exam, tmp_path))) == 1

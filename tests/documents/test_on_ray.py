"""The same batch on a Ray cluster of two nodes, one of which is killed in the middle."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archive import command, fill, picture, results
from typer.testing import CliRunner

from penjing.cli import app
from penjing.documents.on_ray import _Actor, _digest
from penjing.documents.outcome import Outcome
from penjing.documents.outputs import HIDDEN
from penjing.documents.worker import Settings, reading_key
from penjing.runtime.reader import ReadOptions

_STORE = 80 * 1024 * 1024  # bytes of shared memory a node: about the least that Ray takes


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two nodes with one CPU each; the second is the one to lose."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": _STORE}
    started = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    try:
        started.mortal = started.add_node(**node)
        ray.init(address=started.address, log_to_driver=False)
        yield started
    finally:
        ray.shutdown()
        started.shutdown()


def finished(out: Path) -> int:
    return len(list((out / HIDDEN / "done").rglob("*.json")))


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in (out / "index.jsonl").read_text().splitlines()]


def test_an_actor_tells_everything_as_text(bands_model: Path, tmp_path: Path) -> None:
    settings = Settings(("text",), str(bands_model), ReadOptions(line=True))
    good = picture(tmp_path / "a.png", "abc")
    row = _digest({"path": str(good), "name": "a.png"})
    assert json.loads(_digest({"path": str(tmp_path / "no.png")})["failure"])["number"] is None
    (tmp_path / HIDDEN / "unfinished").mkdir(parents=True)
    actor = _Actor(str(tmp_path), settings, reading_key(settings))
    told = [actor(row), actor(row)]
    assert [answer["resumed"] for answer in told] == [False, True]
    assert Outcome.from_row(told[1]["outcome"]).outputs == ("a.png.txt",)
    assert all(
        isinstance(value, (str, bool)) for answer in (row, *told) for value in answer.values()
    )
    stranger = _Actor(str(tmp_path), settings, "another key")
    assert "another penjing, or another model" in stranger(row)["stopped"]
    lost = _Actor(str(tmp_path), Settings(("text",), "none.onnx"), "")
    assert "none.onnx" in lost(row)["stopped"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_node_that_dies_costs_nothing(cluster: Any, bands_model: Path, tmp_path: Path) -> None:
    pages = tmp_path / "archive"
    fill(pages)
    on_ray, here = tmp_path / "on_ray", tmp_path / "here"
    killed_at: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while finished(on_ray) < 15:
            if over.wait(0.01):
                return
        cluster.remove_node(cluster.mortal, allow_graceful=False)
        killed_at.append(finished(on_ray))

    killer = threading.Thread(target=kill)
    killer.start()
    run = command(pages, on_ray, bands_model, "--engine", "ray", "--workers", 2)
    done = CliRunner().invoke(app, run)
    over.set()
    killer.join()
    assert done.exit_code == 1, done.output
    assert "broken.png: broken_picture" in done.stderr
    assert killed_at[0] < 102  # documents: it died while there was work left
    assert not cluster.mortal.any_processes_alive()

    once = CliRunner().invoke(app, command(pages, here, bands_model))
    assert once.exit_code == 1
    assert results(on_ray) == results(here)  # nothing lost, nothing twice, nothing different
    read = [(row["name"], page["number"]) for row in rows(on_ray) for page in row["pages"]]
    assert len(read) == len(set(read)) == 200

    # Either engine goes on where the other stopped: everything is found to be done.
    before = {file: file.stat().st_mtime_ns for file in on_ray.rglob("*.txt")}
    again = CliRunner().invoke(app, command(pages, on_ray, bands_model))
    back = CliRunner().invoke(app, command(pages, here, bands_model, "--engine", "ray"))
    assert (again.exit_code, back.exit_code) == (1, 1)
    assert {file: file.stat().st_mtime_ns for file in on_ray.rglob("*.txt")} == before
    assert results(here) == results(on_ray)

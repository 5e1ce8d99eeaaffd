"""The engine of many machines: Ray Data over a pool of actors, each with its own loaded session.

Rows are paths, names, digests and outcomes, all of them text: pixels never leave the process that
decodes them, and results are written where they are made. So every node must find the pictures,
the folder of the results and the same penjing under the same paths.

A node that dies takes nothing with it: Ray gives its documents to another actor, which finds in
the folder whatever had been finished, page by page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from penjing.documents.batch import digest_or_failure
from penjing.documents.outcome import Failure, Outcome
from penjing.documents.worker import Job, Settings, Worker, reading_key
from penjing.errors import ClusterError, ConfigError, OutputError, PenjingError
from penjing.runtime.weights import shipped

_MOST_BLOCKS = 1000  # of rows; a block is what an actor is given, and has to repeat if it dies
# Of a block whose actor died: a document that kills its reader must not go round for ever, but
# a node's death alone uses several, until the cluster has noticed it.
_RETRIES = 20

Row = dict[str, Any]


class RayActors:
    """Connects to the cluster that ``RAY_ADDRESS`` names, or that runs on this machine, or starts
    one here. ``actors`` is their number, by default the CPUs of the cluster.

    Raises ConfigError if Ray is not installed, WeightsError if there is no such model, and
    ClusterError, then or later, if Ray gives up; what was finished stays.
    """

    def __init__(self, out: Path, settings: Settings, actors: int | None = None) -> None:
        self._ray = _library()
        if settings.model not in shipped():
            settings = replace(settings, model=str(Path(settings.model).absolute()))
        self._out, self.settings = out, settings
        self._key = reading_key(settings)
        if not self._ray.is_initialized():
            with self._typed_errors():
                self._ray.init(log_to_driver=False, logging_level="ERROR")
        context = self._ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        self._actors = actors or max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def digests(self, paths: list[Path]) -> Iterator[str | Failure]:
        rows = [{"path": str(path)} for path in paths]
        if not rows:
            return
        with self._typed_errors():
            found = {row["path"]: row for row in self._data(rows).map(_digest).iter_rows()}
        for path in paths:
            row = found[str(path)]
            failure = row["failure"]
            yield Failure(**json.loads(failure)) if failure else row["digest"]

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        rows = [{**asdict(job), "path": str(job.path)} for job in jobs]
        if not rows:
            return
        pool = self._ray.data.ActorPoolStrategy(
            min_size=1, initial_size=self._actors, max_size=self._actors
        )
        read = self._data(rows).map(
            _Actor,
            fn_constructor_args=(str(self._out), self.settings, self._key),
            compute=pool,
            num_cpus=1,
            max_task_retries=_RETRIES,
        )
        with self._typed_errors():
            for row in read.iter_rows():
                if row["stopped"]:
                    raise OutputError(row["stopped"])
                yield replace(Outcome.from_row(row["outcome"]), resumed=row["resumed"])

    @contextmanager
    def _typed_errors(self) -> Iterator[None]:
        try:
            yield
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            reason = str(error).partition("\n")[0]
            raise ClusterError(f"{reason}; the same command goes on from here") from error

    def _data(self, rows: list[Row]) -> Any:
        return self._ray.data.from_items(rows, override_num_blocks=min(len(rows), _MOST_BLOCKS))


class _Actor:
    """A worker in a process of the cluster. What would end the batch is told, not raised, since
    Ray would wrap it."""

    def __init__(self, out: str, settings: Settings, key: str) -> None:
        try:
            self._worker = Worker(Path(out), settings)
            if self._worker.reading != key:
                raise ConfigError("a node of the cluster has another penjing, or another model")
            self._trouble = ""
        except PenjingError as error:
            self._trouble = str(error)

    def __call__(self, row: Row) -> Row:
        told = {"outcome": "", "resumed": False, "stopped": self._trouble}
        if self._trouble:
            return told
        try:
            outcome = self._worker.read(Job(Path(row["path"]), row["name"], row["digest"]))
        except OutputError as error:
            return {**told, "stopped": str(error)}
        return {**told, "outcome": outcome.to_row().decode(), "resumed": outcome.resumed}


def _digest(row: Row) -> Row:
    found = digest_or_failure(Path(row["path"]))
    if isinstance(found, Failure):
        return {**row, "digest": "", "failure": json.dumps(asdict(found))}
    return {**row, "digest": found, "failure": ""}


def _library() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ConfigError("--engine ray needs Ray: pip install 'ray[data]'") from error
    return ray

"""Reading an archive: what is there, which of it is the same, and what became of each document.

Reading itself is an engine's work: threads of this process, or the processes of a Ray cluster.
Both leave the same files behind (see ``worker``), so that either goes on where the other stopped.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import chain
from pathlib import Path
from typing import Protocol

from penjing.documents import sources
from penjing.documents.outcome import Failure, Outcome
from penjing.documents.outputs import HIDDEN, INDEX, documents_of, write_into
from penjing.documents.worker import Job, Settings, Worker, digest
from penjing.errors import OutputError, PictureError
from penjing.files import printable


class Engine(Protocol):
    """What does the work of a batch, by its ``settings``."""

    @property
    def settings(self) -> Settings: ...

    def digests(self, paths: list[Path]) -> Iterator[str | Failure]:
        """What ``worker.digest`` says of each path, in their order."""
        ...

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """What becomes of each job, in any order. Raises OutputError, which ends the batch."""
        ...


class Batch:
    """Reads ``paths`` into the folder ``out``, with an ``engine`` that writes there."""

    def __init__(self, paths: list[Path], out: Path, engine: Engine) -> None:
        self.paths, self.out = paths, out
        self._engine = engine
        self._names = sources.names(paths)

    def run(self) -> Iterator[Outcome]:
        """Outcomes as the documents are finished; at the end ``index.jsonl`` is written.

        Raises OutputError, which ends the run; it can be resumed.
        """
        self._keep_apart()
        self._prepare()
        outcomes: dict[str, Outcome] = {}
        unread: list[Outcome] = []  # grows while the engine asks for jobs
        for outcome in chain(self._engine.outcomes(self._jobs(unread)), unread):
            outcomes[outcome.name] = outcome
            yield outcome
        rows = (outcomes[self._names[path]].to_row() for path in self.paths)
        write_into(self.out, self.out / INDEX, rows)

    def _keep_apart(self) -> None:
        """Raises OutputError where an output would overwrite what is to be read."""
        documents = set(self._names.values())
        for path in self.paths:
            if self.out not in path.parents:
                continue
            there = printable(path.relative_to(self.out).as_posix())
            for name in documents_of(there, self._engine.settings.formats):
                if name in documents:
                    about = (
                        f"the results of {name!r} would overwrite {there!r}, which is to be read"
                    )
                    raise OutputError(f"{about}; choose another folder for them")

    def _prepare(self) -> None:
        """Folders; what a killed run was writing is thrown away."""
        try:
            hidden = self.out / HIDDEN
            shutil.rmtree(hidden / "unfinished", ignore_errors=True)
            for name in ("unfinished", "pages", "done"):
                (hidden / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write into {str(self.out)!r}: {error.strerror}") from error

    def _jobs(self, unread: list[Outcome]) -> Iterator[Job]:
        """Every content once; ``unread`` receives what is missing or a repetition."""
        first_with: dict[str, str] = {}
        for path, found in zip(self.paths, self._engine.digests(self.paths), strict=True):
            name = self._names[path]
            if isinstance(found, Failure):
                unread.append(Outcome(name, failures=(found,)))
            elif found in first_with:
                unread.append(Outcome(name, same_as=first_with[found]))
            else:
                first_with[found] = name
                yield Job(path, name, found)


class Threads:
    """The engine of one machine: ``count`` documents at a time, in threads of this process."""

    def __init__(self, worker: Worker, count: int = 1) -> None:
        self.settings = worker.settings
        self._worker, self._count = worker, count

    def digests(self, paths: list[Path]) -> Iterator[str | Failure]:
        return map(digest_or_failure, paths)

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        with ThreadPoolExecutor(self._count) as pool:
            running: set[Future[Outcome]] = set()
            try:
                for job in jobs:
                    running.add(pool.submit(self._worker.read, job))
                    if len(running) >= 2 * self._count:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            finally:
                for future in running:
                    future.cancel()


def digest_or_failure(path: Path) -> str | Failure:
    try:
        return digest(path)
    except PictureError as error:
        return Failure.of(None, error)

"""Reading an archive, so that it can be killed at any moment and go on where it was.

Every page that has been read is kept below ``OUT/.penjing``, under a key of its document's
content and the settings, until the document's outputs are written; then a marker replaces its
pages. All files appear by renaming, so that whatever is there is whole. The same content is read
once, wherever it lies. Timings are not kept: a resumed run's results equal an uninterrupted one's.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from penjing import __version__
from penjing.documents import files, sources
from penjing.documents.document import Document
from penjing.documents.formats import FORMATS
from penjing.documents.leaf import Leaf
from penjing.errors import MissingPicture, OutputError, PenjingError
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page
from penjing.runtime.weights import find

_HIDDEN = ".penjing"


@dataclass(frozen=True)
class Settings:
    """What decides the results, besides the content: a change of it reads everything anew."""

    formats: tuple[str, ...] = ("text", "json")
    model: str = "default"
    line: bool = False


@dataclass(frozen=True)
class Failure:
    """``number`` is the page's, None for the whole document; ``code`` is the error's."""

    number: int | None
    code: str
    cause: str


@dataclass(frozen=True)
class PageSummary:
    number: int | None
    confidence: float
    characters: int


@dataclass(frozen=True)
class Outcome:
    """What became of one document. ``outputs`` are names below the folder of the results.

    ``same_as`` names the document whose content this one repeats; it then has no outputs of its
    own. ``resumed`` says that it had been finished by an earlier run.
    """

    name: str
    pages: tuple[PageSummary, ...] = ()
    failures: tuple[Failure, ...] = ()
    outputs: tuple[str, ...] = ()
    same_as: str | None = None
    resumed: bool = False


class Batch:
    """Reads ``paths`` into the folder ``out`` with ``workers`` documents at a time.

    Raises OutputError if the folder cannot be written.
    """

    def __init__(
        self, paths: list[Path], out: Path, reader: Reader, settings: Settings, workers: int = 1
    ) -> None:
        self.paths, self.out, self.workers = paths, out, workers
        self._reader, self._settings = reader, settings
        self._names = sources.names(paths)
        self._hidden = out / _HIDDEN
        identity = {
            "version": __version__,
            "model": _digest(find(settings.model)),
            "line": settings.line,
        }
        self._reading = _key(identity)
        self._writing = _key({**identity, "formats": settings.formats})

    def run(self) -> Iterator[Outcome]:
        """Outcomes as the documents are finished; at the end ``index.jsonl`` is written.

        Raises OutputError, which ends the run; it can be resumed.
        """
        self._prepare()
        first_with: dict[str, str] = {}
        outcomes: dict[str, Outcome] = {}
        with ThreadPoolExecutor(self.workers) as pool:
            running: set[Future[Outcome]] = set()
            try:
                for path in self.paths:
                    running.add(self._start(pool, path, first_with))
                    if len(running) >= 2 * self.workers:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from _collect(done, outcomes)
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from _collect(done, outcomes)
            finally:
                for future in running:
                    future.cancel()
        rows = (_row(outcomes[self._names[path]]) for path in self.paths)
        self._write(self.out / "index.jsonl", b"".join(rows))

    def _prepare(self) -> None:
        """Folders; what a killed run was writing is thrown away."""
        try:
            shutil.rmtree(self._hidden / "unfinished", ignore_errors=True)
            for name in ("unfinished", "pages", "done"):
                (self._hidden / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write into {str(self.out)!r}: {error.strerror}") from error

    def _start(
        self, pool: ThreadPoolExecutor, path: Path, first_with: dict[str, str]
    ) -> Future[Outcome]:
        name = self._names[path]
        try:
            digest = _digest(path)
        except OSError as error:
            cause = f"cannot open {str(path)!r}: {error.strerror}"
            return _finished(Outcome(name, failures=(Failure(None, MissingPicture.code, cause),)))
        if digest in first_with:
            return _finished(Outcome(name, same_as=first_with[digest]))
        first_with[digest] = name
        return pool.submit(self._document, path, name, digest)

    def _document(self, path: Path, name: str, digest: str) -> Outcome:
        marker = self._hidden / "done" / digest[:2] / f"{digest}-{self._writing}.json"
        earlier = _load(marker)
        if earlier is not None and earlier["name"] == name:
            outcome = _outcome(earlier)
            if all((self.out / output).is_file() for output in outcome.outputs):
                return replace(outcome, resumed=True)
        pages = self._hidden / "pages" / f"{digest}-{self._reading}"
        outcome = self._read(path, name, pages)
        if not any(failure.code == "internal" for failure in outcome.failures):
            self._write(marker, _row(outcome))
            shutil.rmtree(pages, ignore_errors=True)
        return outcome

    def _read(self, path: Path, name: str, kept: Path) -> Outcome:
        """Read the pages that are not kept already, then write the outputs."""
        summaries, failures, leaves = [], [], []
        try:
            with Document(path, name) as document:
                for number in document.numbers:
                    result = self._page(document, number, kept / f"{number or 0}.json")
                    if isinstance(result, Failure):
                        failures.append(result)
                        continue
                    characters = sum(len(line.text) for line in result.lines)
                    summaries.append(PageSummary(number, round(result.confidence, 4), characters))
                    leaves.append(number)
                outputs = self._outputs(document, name, leaves, kept)
        except OutputError:
            raise
        except Exception as error:
            return Outcome(name, (), (_failure(None, error),))
        return Outcome(name, tuple(summaries), tuple(failures), outputs)

    def _page(self, document: Document, number: int | None, kept: Path) -> Page | Failure:
        earlier = _load(kept)
        if earlier is not None:
            return Failure(**earlier) if "code" in earlier else Page.from_dict(earlier)
        options = ReadOptions(line=True if self._settings.line else None)
        result: Page | Failure
        try:
            leaf = document.read(number, self._reader, options)
            result = replace(leaf.page, timings={})
            data = {"dpi": leaf.dpi, **result.to_dict()}
        except Exception as error:  # one page must not cost the others
            result = _failure(number, error)
            if result.code == "internal":  # may go better another time
                return result
            data = asdict(result)
        self._write(kept, json.dumps(data, ensure_ascii=False).encode())
        return result

    def _outputs(
        self, document: Document, name: str, numbers: list[int | None], kept: Path
    ) -> tuple[str, ...]:
        outputs = []
        for form in (FORMATS[each] for each in self._settings.formats):
            groups = [[number] for number in numbers] if form.single else [numbers]
            for group in filter(None, groups):
                part = f".{group[0]:04}" if form.single and group[0] is not None else ""
                output = f"{name}{part}{form.suffix}"
                leaves = self._leaves(document, name, group, kept, form.pixels)
                self._write(self.out / output, form.write(leaves))
                outputs.append(output)
        return tuple(outputs)

    def _leaves(
        self, document: Document, name: str, numbers: list[int | None], kept: Path, pixels: bool
    ) -> Iterator[Leaf]:
        for number in numbers:
            data = json.loads((kept / f"{number or 0}.json").read_bytes())
            picture = document.picture(number, self._reader.limits).pixels if pixels else None
            yield Leaf(Page.from_dict(data), name, number, picture, data["dpi"])

    def _write(self, path: Path, data: bytes | Iterator[bytes]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make {str(path.parent)!r}: {error.strerror}") from error
        pieces = [data] if isinstance(data, bytes) else data
        files.write_whole(path, pieces, through=self._hidden / "unfinished")


def worst(outcomes: list[Outcome], most: int = 24) -> list[tuple[Outcome, PageSummary]]:
    """The pages read with the least confidence, those without any text first."""
    pages = [(outcome, page) for outcome in outcomes for page in outcome.pages]
    return sorted(pages, key=lambda pair: (pair[1].confidence, pair[0].name))[:most]


def _collect(done: set[Future[Outcome]], outcomes: dict[str, Outcome]) -> Iterator[Outcome]:
    for future in done:
        outcome = future.result()
        outcomes[outcome.name] = outcome
        yield outcome


def _finished(outcome: Outcome) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def _failure(number: int | None, error: Exception) -> Failure:
    if isinstance(error, PenjingError):
        return Failure(number, error.code, str(error))
    return Failure(number, "internal", f"{type(error).__name__}: {error}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _key(settings: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def _row(outcome: Outcome) -> bytes:
    data = asdict(outcome)
    del data["resumed"]
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def _outcome(data: dict[str, Any]) -> Outcome:
    return Outcome(
        name=data["name"],
        pages=tuple(PageSummary(**page) for page in data["pages"]),
        failures=tuple(Failure(**failure) for failure in data["failures"]),
        outputs=tuple(data["outputs"]),
        same_as=data["same_as"],
    )


def _load(path: Path) -> dict[str, Any] | None:
    with suppress(FileNotFoundError):
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        return loaded
    return None

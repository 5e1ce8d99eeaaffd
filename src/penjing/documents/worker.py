"""Reading one document of a batch after another, so that it can be killed at any moment.

Every page that has been read is kept below ``OUT/.penjing``, under a key of its document's
content and the settings, until the document's outputs are written; then a record of them (see
``record``) replaces its pages. All files appear by renaming, so that whatever is there is whole.
Workers share nothing but this folder: whichever comes next, on whatever machine, goes on from what
it finds there.
Timings are not kept: a resumed run's results equal an uninterrupted one's.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from penjing import __version__
from penjing.documents import archives
from penjing.documents.document import Document
from penjing.documents.formats import FORMATS, Format
from penjing.documents.leaf import Leaf
from penjing.documents.outcome import Failure, Outcome, PageSummary
from penjing.documents.outputs import HIDDEN, output_name, write_into
from penjing.documents.record import Record
from penjing.errors import MissingPicture, OutputError
from penjing.runtime.enhance import enhance
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page
from penjing.runtime.weights import find


@dataclass(frozen=True)
class Settings:
    """What decides the results, besides the content: a change of it reads everything anew."""

    formats: tuple[str, ...] = ("text", "json")
    model: str = "default"
    options: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True)
class Job:
    """A document to read, the name of its results, and the digest of its content."""

    path: Path
    name: str
    digest: str


class Worker:
    """Reads documents into the folder ``out``; safe to use from many threads at once.

    Raises WeightsError or DetectorError if there is nothing to read with.
    """

    def __init__(self, out: Path, settings: Settings) -> None:
        self.out, self.settings = out, settings
        self._reader = Reader(
            settings.model, threads=1, detector=None if settings.options.line else "default"
        )
        self._hidden = out / HIDDEN
        self.reading = reading_key(settings)
        self._writing = _key([self.reading, settings.formats])

    def read(self, job: Job) -> Outcome:
        """Read a document, or find that it has been read. Raises OutputError."""
        record = Record(self.out, job.name)
        of = f"{job.digest}-{self._writing}"
        earlier = record.outcome(of)
        if earlier is not None:
            return replace(earlier, resumed=True)
        pages = self._hidden / "pages" / f"{job.digest}-{self.reading}"
        outcome = self._read(job, pages, record)
        if not any(failure.passing for failure in outcome.failures):
            record.finish(of, outcome)
            shutil.rmtree(pages, ignore_errors=True)
        return outcome

    def _read(self, job: Job, kept: Path, record: Record) -> Outcome:
        """Read the pages that are not kept already, then write the outputs."""
        summaries, failures, numbers = [], [], []
        try:
            with Document(archives.content(job.path), job.name) as document:
                for number in document.numbers:
                    result = self._page(document, number, kept / f"{number or 0}.json")
                    if isinstance(result, Failure):
                        failures.append(result)
                        continue
                    characters = sum(len(line.text) for line in result.lines)
                    summaries.append(PageSummary(number, round(result.confidence, 4), characters))
                    numbers.append(number)
                outputs = self._outputs(job.name, numbers)
                record.begin(tuple(outputs))
                for output, (form, group) in outputs.items():
                    leaves = self._leaves(document, job.name, group, kept, form.pixels)
                    write_into(self.out, self.out / output, form.write(leaves))
        except OutputError as error:
            if not _is_of_the_name(error):  # the next document will fare no better
                raise
            return Outcome(job.name, (), (Failure.of(None, error),))
        except Exception as error:
            return Outcome(job.name, (), (Failure.of(None, error),))
        return Outcome(job.name, tuple(summaries), tuple(failures), tuple(outputs))

    def _page(self, document: Document, number: int | None, kept: Path) -> Page | Failure:
        earlier = _load(kept)
        if earlier is not None:
            data = json.loads(earlier)
            return Failure(**data) if "code" in data else Page.from_dict(data)
        result: Page | Failure
        try:
            leaf = document.read(number, self._reader, self.settings.options)
            result = replace(leaf.page, timings={})
            data = {"dpi": leaf.dpi, **result.to_dict()}
        except Exception as error:  # one page must not cost the others
            result = Failure.of(number, error)
            if result.passing:
                return result
            data = asdict(result)
        write_into(self.out, kept, [json.dumps(data, ensure_ascii=False).encode()])
        return result

    def _outputs(
        self, name: str, numbers: list[int | None]
    ) -> dict[str, tuple[Format, list[int | None]]]:
        """By their names, and which pages each holds."""
        outputs = {}
        for form in (FORMATS[each] for each in self.settings.formats):
            groups = [[number] for number in numbers] if form.single else [numbers]
            for group in filter(None, groups):
                outputs[output_name(name, group[0], form)] = (form, group)
        return outputs

    def _leaves(
        self, document: Document, name: str, numbers: list[int | None], kept: Path, pixels: bool
    ) -> Iterator[Leaf]:
        steps = self.settings.options.enhancement
        for number in numbers:
            data = json.loads((kept / f"{number or 0}.json").read_bytes())
            picture = enhance(document.picture(number).pixels, steps) if pixels else None
            yield Leaf(Page.from_dict(data), name, number, picture, data["dpi"])


def digest(path: Path) -> str:
    """SHA-256 of a file, or of what ``path`` names inside an archive. Raises PictureError."""
    source = archives.content(path)
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    found = hashlib.sha256()
    try:
        with source.open("rb") as file:
            while piece := file.read(1 << 20):
                found.update(piece)
    except OSError as error:
        raise MissingPicture.at(path, error) from error
    return found.hexdigest()


def reading_key(settings: Settings) -> str:
    """What decides how a page is read, as a short name. Raises WeightsError."""
    model = find(settings.model)
    try:
        weights = hashlib.sha256(model.read_bytes()).hexdigest()
    except OSError:
        weights = ""  # the Reader will say what is wrong
    return _key([__version__, weights, asdict(settings.options)])


def _key(settings: list[Any]) -> str:
    return hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:16]


def _load(path: Path) -> bytes | None:
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None


def _is_of_the_name(error: OutputError) -> bool:
    """It is too long, or is a folder's, or asks for a folder where a file is: an archive, that is
    read in place."""
    number = getattr(error.__cause__, "errno", None)
    return number in (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST)

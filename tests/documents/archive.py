"""An archive of 200 pages to read in batches, and what a batch made of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import bands
import papers
from PIL import Image


def picture(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(bands.draw(text, scale=2)).save(file)
    return file


def text_of(number: int) -> str:
    return "".join("abc"[number // 3**k % 3] for k in range(6))


def fill(folder: Path) -> None:
    """200 pages: 98 pictures and 3 PDFs with 34 scans each; one broken file, one repetition."""
    for k in range(98):
        picture(folder / "pictures" / f"{k:03}.png", text_of(k))
    for k in range(3):
        texts = [text_of(100 + 34 * k + n) for n in range(34)]
        (folder / f"book-{k}.pdf").write_bytes(papers.strips(*texts))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    shutil.copy(folder / "pictures" / "007.png", folder / "pictures" / "again.png")


def command(source: object, out: Path, model: Path, *more: object) -> list[str]:
    words = ["batch", source, "--out", out, "--model", model, "--line", "--workers", 1, *more]
    return [str(word) for word in words]


def results(out: Path) -> dict[str, bytes]:
    """Everything a user sees, by name."""
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and ".penjing" not in file.parts
    }

"""The readers that are compared: each one's packages, pinned, and the worker that runs it.

A peer's environment is built once under ``benchmarks/.peers`` and again when its packages change.
All that use the Python package onnxruntime get the version installed here: one engine for all.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.workers.embedded import VERSION

HERE = Path(__file__).parent
_ENVIRONMENTS = HERE / ".peers"
_ONNXRUNTIME = f"onnxruntime=={version('onnxruntime')}"
_TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")


class Unavailable(Exception):
    """A peer that this machine cannot run; says what to install."""


@dataclass(frozen=True)
class Peer:
    """A reader: ``packages`` to install, ``bare`` ones after them without their dependencies.

    Without ``packages`` the worker runs in this very environment. ``lines`` and ``pages`` say what
    it can read; ``needs`` is a file that the Debian packages ``apt`` bring.
    """

    name: str
    worker: str
    packages: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    model: str = ""
    lines: bool = True
    pages: bool = True
    needs: Path | None = None
    apt: str = ""

    def python(self) -> Path:
        """The interpreter to run the worker with. Raises Unavailable."""
        if self.needs is not None and not self.needs.exists():
            raise Unavailable(f"{self.name} is left out: apt-get install {self.apt}")
        return _environment(self) if self.packages else Path(sys.executable)


_RAPIDOCR = ("rapidocr==3.10.0", _ONNXRUNTIME)
_FASTER_PADDLE = (f"faster-paddle=={VERSION}", "numpy", "opencv-python-headless", _ONNXRUNTIME)

RIVALS = (
    Peer("PP-OCRv6 small (rapidocr)", "rapidocr", _RAPIDOCR),
    Peer(
        "PP-OCRv4 (rapidocr-onnxruntime)",
        "rapidocr_v4",
        _RAPIDOCR,  # all that v4 needs too, but without a desktop's opencv-python
        bare=("rapidocr-onnxruntime==1.4.4",),
    ),
    Peer("PP-OCRv6 tiny (onnxruntime)", "ppocr_tiny", _FASTER_PADDLE, pages=False),
    Peer(
        "PP-OCRv6 tiny (faster-paddle)", "faster_paddle", _FASTER_PADDLE, model="tiny", lines=False
    ),
    Peer(
        "PP-OCRv6 small (faster-paddle)",
        "faster_paddle",
        _FASTER_PADDLE,
        model="small",
        lines=False,
    ),
    Peer(
        "Tesseract 5 chi_sim",
        "tesseract",
        ("tesserocr==2.13.0", "Pillow"),
        model=str(_TESSDATA),
        needs=_TESSDATA / "chi_sim.traineddata",
        apt="tesseract-ocr tesseract-ocr-chi-sim",
    ),
)


def ours(model: str) -> Peer:
    """penjing with one of its models, a name or a file."""
    return Peer(f"penjing {Path(model).stem}", "penjing", model=model)


def _environment(peer: Peer) -> Path:
    name = (peer.bare or peer.packages)[0].split("==")[0]
    folder = _ENVIRONMENTS / name
    python, built = folder / "bin" / "python", folder / "packages.txt"
    wanted = "\n".join(peer.packages + peer.bare)
    if not (built.is_file() and built.read_text() == wanted):
        print(f"building an environment for {name}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *peer.packages], check=True)
        if peer.bare:
            subprocess.run([*install, "--no-deps", *peer.bare], check=True)
        built.write_text(wanted)
    return python

"""Teachers: any recogniser trained with CTC, whatever its frames and its characters.

A teacher looks at a batch and says, on frames of its own, how likely each is blank and which
character it holds. ``distillation`` matches them to the frames and characters of the student.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.models import CRNN, load
from penjing.models.fingerprint import fingerprint
from penjing.runtime.sessions import open_session

PP_OCR = "pp-ocr"  # the name of the recogniser inside the installed rapidocr wheel
_PP_OCR_FILE = "PP-OCRv6_rec_small.onnx"
_LEAST = 1e-7  # about the least p for which 1 - p is below 1 in float32


@dataclass(frozen=True)
class Opinion:
    """What a teacher sees in a batch, on its own frames.

    Attributes:
        odds: float32 (lines, frames), log-odds that a frame is blank.
        classes: a function: from the line and frame numbers of chosen frames, int64 (k,) each, to
            the logits of the teacher's characters there, float32 (k, characters).
        features: (lines, frames, any), the head's input; None where it is out of reach.
    """

    odds: Tensor
    classes: Callable[[Tensor, Tensor], Tensor]
    features: Tensor | None = None


class Teacher(Protocol):
    """A recogniser to learn from; ``charset`` are its characters, in the order of its classes."""

    charset: Charset

    @property
    def fingerprint(self) -> str:
        """A string that tells this teacher from any other."""
        ...

    def look(self, images: Tensor) -> Opinion:
        """What it sees in gray lines, uint8 (lines, 1, 32, width). Called without gradients."""
        ...


class Network:
    """One of penjing's own networks, copied and put into eval mode."""

    def __init__(self, model: CRNN) -> None:
        self.model = copy.deepcopy(model).eval()
        self.charset = Charset.load(model.plan.charset)

    @property
    def fingerprint(self) -> str:
        """See Teacher."""
        return fingerprint(self.model)

    def look(self, images: Tensor) -> Opinion:
        """See Teacher."""
        frames, head = self.model(images), self.model.head
        return Opinion(
            head.blank_logit(frames).float(),
            lambda line, frame: head.class_logits(frames[line, frame]).float(),
            frames,
        )


class PaddleOcr:
    """A recogniser as PP-OCR exports them: BGR 48 px high in, probabilities with blank first out.

    Its characters are in its metadata; a space, which is not, comes last. Raises WeightsError if
    the file is missing or no such model.
    """

    HEIGHT = 48

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session = open_session(path, threads)
        known = self._session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        [first, *_] = self._session.get_outputs()
        if not known or len(first.shape) != 3 or first.shape[2] != len(known) + 2:
            raise WeightsError(f"{path.name} is no recogniser in the form that PP-OCR exports")
        self._input = self._session.get_inputs()[0].name
        self._path = path
        self.charset = Charset(path.stem, [*known, " "])

    @property
    def fingerprint(self) -> str:
        """See Teacher."""
        return sha256(self._path.read_bytes()).hexdigest()[:16]

    def look(self, images: Tensor) -> Opinion:
        """See Teacher."""
        width = images.shape[3] * self.HEIGHT // images.shape[2]
        size = (self.HEIGHT, width)
        gray = F.interpolate(images.float(), size, mode="bilinear", align_corners=False)
        planes = (gray / 127.5 - 1).expand(-1, 3, -1, -1)
        [shares] = self._session.run(None, {self._input: np.ascontiguousarray(planes.numpy())})
        seen = torch.from_numpy(shares)
        blank = seen[..., 0].clamp(_LEAST, 1 - _LEAST)
        return Opinion(
            blank.logit(), lambda line, frame: seen[line, frame, 1:].clamp_min(_LEAST).log()
        )


def teacher(name: str) -> Teacher:
    """The teacher in a .safetensors file of penjing's or an .onnx file of PP-OCR's, or ``pp-ocr``.

    Raises WeightsError if it is missing or of no known form.
    """
    if name == PP_OCR:
        return PaddleOcr(_installed())
    if name.endswith(".onnx"):
        return PaddleOcr(Path(name))
    return Network(load(name))


def _installed() -> Path:
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise WeightsError("PP-OCR's recogniser is in the rapidocr package: pip install rapidocr")
    return Path(found.origin).parent / "models" / _PP_OCR_FILE

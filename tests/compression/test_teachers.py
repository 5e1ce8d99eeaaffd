"""PP-OCR's recogniser, as installed, sees what is written and where."""

from pathlib import Path

import numpy as np
import pytest
import torch
from bands import build
from PIL import Image, ImageDraw, ImageFont

from penjing.compression.teachers import PP_OCR, PaddleOcr, teacher
from penjing.errors import WeightsError
from penjing.training.metrics import collapse


def test_pp_ocr_reads_a_line_on_a_grid_of_its_own() -> None:
    font = ImageFont.load_default(22)
    picture = Image.new("L", (160, 32), 240)
    ImageDraw.Draw(picture).text((8, 2), "Penjing 42", font=font, fill=20)
    pp_ocr = teacher(PP_OCR)
    opinion = pp_ocr.look(torch.from_numpy(np.array(picture))[None, None])
    assert opinion.odds.shape == (1, 30)  # one frame for 5 1/3 of our pixels
    assert opinion.features is None
    assert pp_ocr.fingerprint == teacher(PP_OCR).fingerprint
    line, frame = (opinion.odds < 0).nonzero(as_tuple=True)
    scores = opinion.classes(line, frame)
    assert scores.shape == (len(line), len(pp_ocr.charset))
    labels = torch.full((30,), -1).scatter(0, frame, scores.argmax(1))
    read = pp_ocr.charset.decode(collapse(labels.tolist()))
    assert read.replace(" ", "") == "Penjing42"


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no recogniser in the form"):
        PaddleOcr(build(tmp_path / "bands.onnx"))
    with pytest.raises(WeightsError, match="no model file"):
        teacher(str(tmp_path / "none.onnx"))
    with pytest.raises(WeightsError, match="no weights file"):
        teacher(str(tmp_path / "none.safetensors"))

"""What the shipped model reads of clean print, in each of its scripts."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from penjing.errors import DataError
from penjing.runtime.recogniser import Recogniser
from penjing.synth.assets.fonts import load_faces


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我们去公园散步。",
        "國家圖書館收藏許多珍貴的書籍。",
        "日本語のテキストを読みます。",
        "The quick brown fox, 1234567890",
    ],
)
def test_clean_print_is_read_in_every_script(text: str) -> None:
    try:
        faces = [
            face for face in load_faces() if face.style == "hei" and set(text) <= face.drawable
        ]
    except DataError as error:
        pytest.skip(str(error))
    if not faces:
        pytest.skip("no fetched face draws it all")
    font = ImageFont.truetype(str(faces[0].path), 40, index=faces[0].index)
    width = round(font.getlength(text))
    picture = Image.new("L", (width + 20, 60), 255)
    ImageDraw.Draw(picture).text((10, 4), text, fill=0, font=font)
    assert Recogniser("default", threads=1).read([np.asarray(picture)])[0].text == text

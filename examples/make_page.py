"""Draw ``page.png``, the picture that the README reads: run ``python examples/make_page.py``.

Needs ``penjing data fetch`` (any CJK face will do). Deterministic.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing.synth.assets.fonts import load_faces

LINES = (
    (56, 60, 40, "盆景园艺有限公司 送货单"),
    (56, 140, 26, "客户名称：杭州西湖茶叶店"),
    (560, 140, 26, "日期：2026年11月22日"),
    (56, 190, 26, "地址：浙江省杭州市龙井路18号"),
    (560, 190, 26, "电话：0571-87654321"),
    (56, 270, 26, "品名"),
    (380, 270, 26, "数量"),
    (560, 270, 26, "单价"),
    (740, 270, 26, "金额"),
    (56, 320, 26, "五针松（小品）"),
    (380, 320, 26, "2"),
    (560, 320, 26, "380.00"),
    (740, 320, 26, "760.00"),
    (56, 370, 26, "紫砂盆 20cm"),
    (380, 370, 26, "5"),
    (560, 370, 26, "45.50"),
    (740, 370, 26, "227.50"),
    (56, 440, 28, "合计（大写）：玖佰捌拾柒元伍角"),
    (640, 440, 28, "¥987.50"),
    (56, 520, 24, "Thank you for growing small trees with us."),
)


def main() -> None:
    faces = load_faces()
    text = {c for *_, line in LINES for c in line}
    face = next(f for f in faces if f.style == "hei" and text <= f.drawable)
    page = Image.new("L", (960, 600), 246)
    draw = ImageDraw.Draw(page)
    for y in (255, 310, 415):
        draw.line((48, y, 912, y), fill=120, width=2)
    for x, y, size, line in LINES:
        font = ImageFont.truetype(str(face.path), size, index=face.index)
        draw.text((x, y), line, font=font, fill=40)
    pixels = np.asarray(page).astype(np.float32)
    shade = np.linspace(1.0, 0.82, pixels.shape[1], dtype=np.float32)  # a lamp on the left
    noise = np.random.default_rng(0).normal(0, 4, pixels.shape)
    turn = cv2.getRotationMatrix2D((480, 300), 0.8, 1.0)
    photo = cv2.warpAffine(pixels * shade + noise, turn, (960, 600), borderValue=210)
    cv2.imwrite(str(Path(__file__).with_name("page.png")), np.clip(photo, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()

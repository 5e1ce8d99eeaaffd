"""penjing and PP-OCRv6 small on the same lines, one after the other, line by line.

    python benchmarks/lines.py FOLDER [--model default] [--out benchmarks/results/lines.csv]

FOLDER has a labels.tsv as ``penjing eval`` takes. Each line is read by both before the next, on one
thread; a time is from decoded pixels to text. Quote the ratio: both had the same machine at the
same moments.
"""

from __future__ import annotations

import argparse
import csv
import platform
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import mean, median, quantiles

import cv2
import numpy as np
from numpy.typing import NDArray

from penjing.report.evaluation import Labelled, Scored, load_lines, score
from penjing.runtime.pictures import decode
from penjing.runtime.recogniser import Recogniser
from penjing.runtime.rectify import to_gray

Read = Callable[[NDArray[np.uint8]], str]
PRINT_KINDS = {
    "invoice",
    "ticket",
    "screenshot_doc",
    "scanned_doc",
    "ecommerce_image",
    "video_screenshot",
    "receipt",
    "label_nameplate",
}


def readers(model: str) -> dict[str, Read]:
    """Each takes RGB or gray pixels and gives a text."""
    from rapidocr import RapidOCR

    ours = Recogniser(model, threads=1)
    theirs = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
    )

    def read_theirs(pixels: NDArray[np.uint8]) -> str:
        image = pixels[..., ::-1] if pixels.ndim == 3 else pixels
        result = theirs(np.ascontiguousarray(image), use_det=False, use_cls=False, use_rec=True)
        return "".join(result.txts or ())

    return {
        f"penjing {model}": lambda pixels: ours.read([to_gray(pixels)])[0].text,
        "PP-OCRv6 small (rapidocr)": read_theirs,
    }


def groups(scored: list[Scored]) -> dict[str, list[Scored]]:
    """Chinese print kinds together, English receipts, and every kind."""
    chosen: dict[str, list[Scored]] = {}
    for line in scored:
        label = line.label
        if label.kind in PRINT_KINDS and label.language in ("zh", "zh+en"):
            chosen.setdefault("Chinese print together", []).append(line)
        chosen.setdefault(f"{label.kind} {label.language}", []).append(line)
    return chosen


def measure(labels: list[Labelled], model: str) -> dict[str, list[Scored]]:
    cv2.setNumThreads(1)
    peers = readers(model)
    pictures = [decode(label.image).pixels for label in labels]
    for read in peers.values():  # warm up
        for pixels in pictures[:20]:
            read(pixels)
    scored: dict[str, list[Scored]] = {name: [] for name in peers}
    for k, (label, pixels) in enumerate(zip(labels, pictures, strict=True)):
        order = list(peers) if k % 2 else list(peers)[::-1]
        for name in order:
            start = time.perf_counter()
            text = peers[name](pixels)
            took = (time.perf_counter() - start) * 1000
            scored[name].append(Scored(label, text, took))
    return scored


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/lines.csv"))
    options = parser.parse_args()
    scored = measure(load_lines(options.folder), options.model)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["date", "machine", "reader", "group", "lines", "exact", "char_accuracy"])
        for name, lines in scored.items():
            for group, members in groups(lines).items():
                s = score(members)
                row = [date.today(), platform.machine(), name, group, s["lines"], s["exact"]]
                table.writerow([*row, s["char_accuracy"]])
                if len(members) >= 100:
                    print(f"{name:28} {group:28} {s['lines']:5} lines  exact {s['exact']:.3f}")
    middles = {}
    for name, lines in scored.items():
        times = [line.milliseconds for line in lines]
        middles[name] = median(times)
        p95 = quantiles(times, n=20)[-1]
        print(f"{name:28} median {median(times):.2f} ms, mean {mean(times):.2f}, p95 {p95:.2f}")
    ours, theirs = middles.values()
    print(f"ratio of medians: {theirs / ours:.1f}")


if __name__ == "__main__":
    main()

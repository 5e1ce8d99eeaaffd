"""Is eight-bit arithmetic worth it? Judged on lines, beside the network it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import onnx

from penjing.compression.probing import exact, reader, spread
from penjing.errors import DataError, QuantizationError
from penjing.labelled import Line
from penjing.report.latency import interleaved
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser

DROP = 0.005  # by how much the share of lines read exactly may fall
ROUNDS = 5  # of timing; faster means faster in each of them
TIMED = 100  # lines in a round


@dataclass(frozen=True)
class Verdict:
    """A quantised network beside the float one.

    ``before`` and ``after`` are the shares of lines that each reads exactly; ``ratio`` is the new
    milliseconds over the old in the round in the middle, ``slowest`` in the worst round;
    ``bytes_before`` and ``bytes_after`` are the sizes of the files.
    """

    before: float
    after: float
    ratio: float
    slowest: float
    bytes_before: int
    bytes_after: int

    @property
    def worth_it(self) -> bool:
        """Whether at most ``DROP`` is lost, and every round was faster."""
        return self.before - self.after <= DROP + 1e-9 and self.slowest < 1

    def __str__(self) -> str:
        return (
            f"{self.after:.2%} of the lines exact, {100 * (self.after - self.before):+.2f} points; "
            f"{self.ratio:.3f} of the time, {self.slowest:.3f} in the worst round; "
            f"{self.bytes_after / 1e6:.2f} MB instead of {self.bytes_before / 1e6:.2f}"
        )

    def insist(self) -> None:
        """Raises QuantizationError, with the figures, unless it is worth it."""
        if not self.worth_it:
            raise QuantizationError(
                f"eight bits are not worth it here: {self}; wanted are at most {100 * DROP:g} "
                "points lost and less time in every round"
            )


def judged(old: onnx.ModelProto, new: onnx.ModelProto, lines: Sequence[Line]) -> Verdict:
    """Read ``lines`` with both, and time them in turns on one thread.

    Raises DataError where there are no lines.
    """
    if not lines:
        raise DataError("there is no line to judge on")
    readers = {"old": reader(old), "new": reader(new)}
    pictures = [line.pixels for line in spread(lines, TIMED)]
    one = {name: partial(_read, recogniser) for name, recogniser in readers.items()}
    rounds = [interleaved(one, pictures, repeats=1) for _ in range(ROUNDS)]
    ratios = [times["new"].median / times["old"].median for times in rounds]
    return Verdict(
        exact(readers["old"], lines),
        exact(readers["new"], lines),
        median(ratios),
        max(ratios),
        old.ByteSize(),
        new.ByteSize(),
    )


def _read(recogniser: Recogniser, pixels: Pixels) -> object:
    return recogniser.read([pixels])

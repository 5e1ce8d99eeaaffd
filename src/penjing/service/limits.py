"""Everything the service refuses, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from penjing.runtime.pictures import PictureLimits

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes, pixels, pages, seconds and places in the queue."""

    # One request
    body_bytes: int = 24 * MEGABYTE  # counted while it streams in; base64 costs a third more
    receive_seconds: float = 30.0  # from a request's first byte to its last
    json_depth: int = 16
    batch: int = 16  # pictures
    pages: int = 20  # of a PDF, TIFF or animation; a longer one needs a range
    picture: PictureLimits = field(
        default_factory=lambda: PictureLimits(
            bytes=16 * MEGABYTE, pixels=40_000_000, frames=200, animation=400_000_000
        )
    )

    # One PDF
    page_pixels: int = 12_000_000  # judged before rendering; larger pages are drawn coarser
    page_seconds: float = 10.0  # of processor time, for opening the file and for each page
    pdf_memory: int = 1024 * MEGABYTE  # of the process that draws the pages

    # The preview that the web page draws on
    preview_side: int = 1600  # pixels

    # All requests together
    queue: int = 16  # waiting; one more is answered 429
    deadline: float = 30.0  # seconds from arrival to answer, waiting included
    connections: int = 128
    idle_seconds: int = 30
    drain_seconds: float = 15.0  # on SIGTERM, for what is under way
    growth: int = 1792 * MEGABYTE  # resident, beyond a fresh process; then another replaces it

    def describe(self) -> dict[str, int]:
        """Those that a client can keep to, for GET /api/v1/options."""
        return {
            "body_bytes": self.body_bytes,
            "picture_bytes": self.picture.bytes,
            "picture_pixels": self.picture.pixels,
            "batch": self.batch,
            "pages": self.pages,
        }


DEFAULT_LIMITS = Limits()

"""A font for text that is only searched and selected, never drawn.

A TrueType file (ISO/IEC 14496-22) of a few hundred bytes whose one glyph, an em square, stands
for every character; what the characters are is said by the ToUnicode map beside it. The idea is
Tesseract's; the square is there because PDFium passes over single characters without extent.
"""

from __future__ import annotations

import struct

EM = 1000
ASCENT, DESCENT = 800, -200
_VERSION = 0x00010000
_MAGIC = 0x5F0F3CF5
_CORNERS = ((0, DESCENT), (EM, 0), (0, EM), (-EM, 0))  # each from the one before


def font_file() -> bytes:
    """The font, with only the tables that a CIDFontType2 needs."""
    box = (0, DESCENT, EM, ASCENT)
    glyph = struct.pack(">h4hHH", 1, *box, len(_CORNERS) - 1, 0) + b"\1" * len(_CORNERS)
    glyph += b"".join(struct.pack(">4h", *values) for values in zip(*_CORNERS, strict=True))
    head = struct.pack(
        ">IIIIHHqq4hHHhhh", _VERSION, _VERSION, 0, _MAGIC, 0, EM, 0, 0, *box, 0, 8, 2, 0, 0
    )
    hhea = struct.pack(
        ">IhhhHhhhhhhhhhhhH", _VERSION, ASCENT, DESCENT, 0, EM, 0, 0, EM, 1, *[0] * 7, 1
    )
    maxp = struct.pack(">IH13H", _VERSION, 1, len(_CORNERS), 1, 0, 0, 1, *[0] * 8)
    tables = {
        b"glyf": glyph,
        b"head": head,
        b"hhea": hhea,
        b"hmtx": struct.pack(">Hh", EM, 0),
        b"loca": struct.pack(">HH", 0, len(glyph) // 2),
        b"maxp": maxp,
    }
    data = _assemble(tables)
    adjustment = (0xB1B0AFBA - _checksum(data)) & 0xFFFFFFFF
    place = data.index(head) + 8
    return data[:place] + struct.pack(">I", adjustment) + data[place + 4 :]


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", _VERSION, count, 16 << power, power, 16 * count - (16 << power))
    place = len(head) + 16 * count
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _checksum(table), place + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + directory + body


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF

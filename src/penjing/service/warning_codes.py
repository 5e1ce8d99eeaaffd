"""Codes for what pages warn of: programs tell one warning from another by them, and the web page
says it in its visitor's language. The sentences are made where they are meant.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

CODES = {  # each number stands as #
    "lines were searched for at #% of the picture's size": "shrunk",
    "# lines were found; only the # surest are read": "lines_left_out",
    "only the first of # frames is read": "frames_left_out",
    "only the first # of # pages are read; ask for a range": "pages_left_out",
    "a very large page, rendered at # dpi only": "coarse",
    "the PDF's own text was taken; nothing was recognised": "own_text",
    "# characters of it cannot be seen, and were left out": "hidden_left_out",
    "the PDF's text is invisible, as over a scan; the page was read instead": "invisible_text",
    "# of the PDF's # characters have no Unicode value; the page was read instead": "no_unicode",
    "# of the PDF's # characters cannot be seen; the page was read instead": "hidden_text",
    "pictures cover #% of the page; it was read instead": "pictures",
    "most of the page is drawn as shapes, beside # characters; it was read instead": "shapes",
    "# fields or notes are on the page; it was read instead": "notes",
}
NOT_READ = "not read: "  # then the error's message; the error itself has a code


def code_of(warning: str) -> str:
    """``other`` for a sentence that is not known here."""
    if warning.startswith(NOT_READ):
        return "not_read"
    return CODES.get(_NUMBER.sub("#", warning), "other")

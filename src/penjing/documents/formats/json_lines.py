"""JSON, one page a line: the whole result, with the file and the page's number in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from penjing.documents.leaf import Leaf


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    for leaf in leaves:
        number = {} if leaf.number is None else {"number": leaf.number}
        document = {"file": leaf.source, **number, **leaf.page.to_dict()}
        yield json.dumps(document, ensure_ascii=False).encode() + b"\n"

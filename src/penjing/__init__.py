"""penjing (盆景): read Chinese, English and Japanese on an ordinary CPU, with small recognisers.

``Reader`` is loaded on first use, so that ``import penjing`` costs next to nothing.
"""

import os
from typing import TYPE_CHECKING, Any

# From 1.29 on ONNX Runtime tells Microsoft of every session, unless this is set before its import.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from penjing.runtime.reader import Reader as Reader

__version__ = "0.1.0"
__all__ = ["Reader", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Reader":
        from penjing.runtime.reader import Reader

        return Reader
    raise AttributeError(f"module 'penjing' has no attribute {name!r}")

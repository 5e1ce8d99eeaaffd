"""torch to ONNX, checked against torch before the file gets its name.

The graph takes gray bytes, ``image`` uint8 (N, 1, 32, W), and gives what ``answers`` says of its
W / 4 frames. A network with an exit becomes one file of ``two_depths``.
"""

from penjing.export.onnx_file import export

__all__ = ["export"]

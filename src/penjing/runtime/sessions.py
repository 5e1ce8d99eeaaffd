"""ONNX Runtime sessions with every choice that matters made explicitly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from penjing.errors import WeightsError
from penjing.runtime.threads import available_threads

if TYPE_CHECKING:
    import onnxruntime


def open_session(
    path: Path, threads: int | None = None, arena: bool = False
) -> onnxruntime.InferenceSession:
    """A CPU session, safe to run from many threads at once.

    ``threads`` is the size of the pool within one operator, ``available_threads()`` by default.
    With an ``arena`` the memory of a run is kept for the next: for networks whose tensors have
    megabytes, which would else be fetched from the system, and zeroed by it, one by one.
    Raises WeightsError if the file is missing or is not an ONNX model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_threads()
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # On lines an arena was measured to gain less than 5 %, and it holds on to memory for good.
    options.enable_cpu_mem_arena = arena
    options.enable_mem_pattern = False  # would keep one plan of memory for every input size
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    if not path.is_file():
        raise WeightsError(f"there is no model file {str(path)!r}")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's own exceptions share no public base
        raise WeightsError(f"{path.name} is not a model that can be run: {error}") from error

"""Threads follow affinity and quota, and reach the session."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from penjing.errors import WeightsError
from penjing.runtime.sessions import open_session
from penjing.runtime.threads import available_threads, cpu_quota


def test_the_tightest_quota_on_the_way_up_counts(tmp_path: Path) -> None:
    inner = tmp_path / "pod" / "container"
    inner.mkdir(parents=True)
    assert cpu_quota(tmp_path, "/pod/container") == math.inf
    (inner / "cpu.max").write_text("400000 100000\n")
    assert cpu_quota(tmp_path, "/pod/container") == 4
    (tmp_path / "pod" / "cpu.max").write_text("150000 100000\n")
    assert cpu_quota(tmp_path, "/pod/container") == 1.5
    assert cpu_quota(tmp_path, "/") == math.inf


def test_first_version_of_control_groups(tmp_path: Path) -> None:
    folder = tmp_path / "cpu" / "docker"
    folder.mkdir(parents=True)
    (folder / "cpu.cfs_period_us").write_text("100000")
    (folder / "cpu.cfs_quota_us").write_text("-1")
    assert cpu_quota(tmp_path, "/docker") == math.inf
    (folder / "cpu.cfs_quota_us").write_text("50000")
    assert cpu_quota(tmp_path, "/docker") == 0.5


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_affinity_is_obeyed() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert available_threads() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_the_number_reaches_the_session(bands_model: Path) -> None:
    for threads in (1, 3):
        options = open_session(bands_model, threads).get_session_options()
        assert options.intra_op_num_threads == threads
        assert options.inter_op_num_threads == 1
    default = open_session(bands_model).get_session_options()
    assert default.intra_op_num_threads == available_threads()


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no model file"):
        open_session(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("not a model")
    with pytest.raises(WeightsError, match="not a model"):
        open_session(tmp_path / "text.onnx")

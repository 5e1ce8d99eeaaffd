"""How many threads this process may really use: affinity and the control group's quota.

ONNX Runtime sizes its pool by the host's cores, whatever a container allows; so the number is
found here and set explicitly on every session.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")


def available_threads() -> int:
    """Cores by affinity, lowered to the tightest CPU quota of the control groups; at least 1."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        cores = os.cpu_count() or 1
    return max(1, math.ceil(min(cores, cpu_quota(_CGROUPS, _own_group()))))


def cpu_quota(root: Path, group: str = "/") -> float:
    """The smallest quota, in cores, from ``group`` up to ``root``; infinite if there is none."""
    folder = root / group.strip("/")
    quota = math.inf
    for path in (folder, *folder.parents):
        quota = min(quota, _quota_v2(path / "cpu.max"))
        if path == root:
            break
    return min(quota, _quota_v1(root / "cpu" / group.strip("/")), _quota_v1(root / "cpu"))


def _own_group() -> str:
    try:
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0" or "cpu" in controllers.split(","):
                return path
    except (OSError, ValueError):
        pass
    return "/"


def _quota_v2(file: Path) -> float:
    try:
        quota, period = file.read_text().split()
        return math.inf if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return math.inf


def _quota_v1(folder: Path) -> float:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
        return quota / period if quota > 0 else math.inf
    except (OSError, ValueError):
        return math.inf

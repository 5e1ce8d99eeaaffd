"""A command in several processes on this machine."""

from __future__ import annotations

import logging
import os

import typer


def run_in(processes: int, module: str, *arguments: str) -> None:
    """Run ``python -m module arguments`` in several processes that share the work, by torchrun.

    Raises typer.Exit: with status 1 where one of them fails, with 128 more than the signal's number
    on SIGINT or SIGTERM.
    """
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main as torchrun

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as torchrun would, with a warning
    logging.getLogger("torch.distributed.elastic").setLevel(logging.ERROR)  # no word of each signal
    try:
        torchrun(["--standalone", f"--nproc-per-node={processes}", "-m", module, *arguments])
    except ChildFailedError as error:
        raise typer.Exit(1) from error  # the processes have said why
    except SignalException as error:  # it has told them, and they have ended
        raise typer.Exit(128 + error.sigval) from error

"""A command in several processes on this machine."""

from __future__ import annotations

import typer


def run_in(processes: int, module: str, *arguments: str) -> None:
    """Run ``python -m module arguments`` in several processes that share the work, by torchrun.

    Raises typer.Exit with status 1 where one of them fails.
    """
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main as torchrun

    try:
        torchrun(["--standalone", f"--nproc-per-node={processes}", "-m", module, *arguments])
    except ChildFailedError as error:
        raise typer.Exit(1) from error  # the processes have said why

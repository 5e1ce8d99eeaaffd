"""Several training processes under ``torchrun``, averaging gradients over gloo.

A global batch is cut into shards whatever the number of processes; a process with several shards
accumulates their gradients. BatchNorm sees a shard at a time, so one process and many compute the
same losses.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import Tensor, nn

from penjing.errors import ConfigError


class Processes:
    """This process among its peers; alone unless ``torchrun`` set the environment."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        if self.count > 1 and not dist.is_initialized():
            dist.init_process_group("gloo")

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and prints."""
        return self.rank == 0

    def shards(self, total: int) -> range:
        """The numbers of the shards, of ``total``, that are this process's.

        Raises ConfigError where the processes cannot share them evenly.
        """
        if total % self.count:
            raise ConfigError(f"{total} shards don't divide over {self.count} processes")
        return range(self.rank, total, self.count)

    def sum(self, value: Tensor) -> Tensor:
        """``value`` summed over all processes, in place."""
        if self.count > 1:
            dist.all_reduce(value)
        return value

    def agree(self, first_says: bool) -> bool:
        """What the first process says, in all of them."""
        return bool(self.sum(torch.tensor(float(first_says and self.first))))

    def sum_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Sum gradients over all processes, in place and in one message."""
        if self.count == 1:
            return
        grads = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([g.reshape(-1) for g in grads])
        dist.all_reduce(flat)
        for g, part in zip(grads, flat.split([g.numel() for g in grads]), strict=True):
            g.copy_(part.view_as(g))

    def average_buffers(self, model: nn.Module) -> None:
        """Give every process the mean of all processes' BatchNorm statistics."""
        for value in model.buffers():
            if value.is_floating_point():
                self.sum(value).div_(self.count)

    def barrier(self) -> None:
        if self.count > 1:
            dist.barrier()

    def close(self) -> None:
        if dist.is_initialized():
            dist.destroy_process_group()


def computes_in_bf16() -> bool:
    """Whether the processor multiplies in bf16 itself. Where torch must emulate it, a step was
    measured to take five times as long as in float32 (an AMD EPYC with AVX2 alone)."""
    return any(has for name, has in torch.cpu.get_capabilities().items() if name.endswith("bf16"))


def tune_libraries() -> None:
    """Change two libraries' defaults, which cost a third of the training rate where measured.

    glibc gives the memory of each step's activations back to the kernel, page by page, and asks
    for it again: here it keeps that memory (other C libraries are left alone). oneDNN remembers
    1,024 compiled layers, too few for batches of many shapes.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16384")

    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return
    trim_threshold, top_pad, mmap_threshold = -1, -2, -3
    libc.mallopt(mmap_threshold, 32 << 20)
    libc.mallopt(trim_threshold, 2**31 - 1)
    libc.mallopt(top_pad, 256 << 20)

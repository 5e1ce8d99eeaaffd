"""3x3 convolutions with a quarter of the multiplications, for training without bf16.

Winograd's minimal filtering F(4x4, 3x3) (Lavin & Gray, "Fast Algorithms for Convolutional Neural
Networks", 2016): tiles of 6x6 and the kernels are transformed, multiplied point by point (36
products of matrices for the 16 x 9 of a direct convolution), and transformed back to tiles of 4x4.
In float32 its outputs differ from a direct convolution's by some 1e-5 of the largest.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TILE = 4  # outputs a side
PATCH = TILE + 2  # inputs a side
CHANNELS = 64  # with fewer, the transforms cost what the products save

_INPUTS = torch.tensor(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    dtype=torch.float64,
)
_KERNELS = torch.tensor(
    [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
    dtype=torch.float64,
).div(24)
_OUTPUTS = torch.tensor(
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
    dtype=torch.float64,
)
# Both axes at once: one product of matrices is faster than two with halves of the work.
INPUTS = torch.kron(_INPUTS, _INPUTS)  # (36, 36)
KERNELS = torch.kron(_KERNELS, _KERNELS)  # (36, 9)
OUTPUTS = torch.kron(_OUTPUTS, _OUTPUTS)  # (16, 36)


class Convolution(nn.Conv2d):
    """A convolution that trains fast on a CPU: in float32, large ones of 3x3 by Winograd."""

    def forward(self, x: Tensor) -> Tensor:
        if self.training and self._is_square() and _is_float32(x) and x.shape[2] % TILE == 0:
            y = convolve(x, self.weight)
            return y if self.bias is None else y + self.bias[:, None, None]
        return super().forward(x)

    def _is_square(self) -> bool:
        """Whether the kernel is 3x3, unstrided, with "same" padding, over many channels."""
        return (
            (self.kernel_size, self.stride, self.padding) == ((3, 3), (1, 1), (1, 1))
            and (self.dilation, self.groups) == ((1, 1), 1)
            and min(self.in_channels, self.out_channels) >= CHANNELS
        )


def _is_float32(x: Tensor) -> bool:
    """Whether ``x`` is convolved in float32: bf16's eight bits are too few for the transforms."""
    return x.dtype == torch.float32 and not torch.is_autocast_enabled("cpu")


def convolve(x: Tensor, kernels: Tensor) -> Tensor:
    """``F.conv2d(x, kernels, padding=1)`` for (N, C, H, W) and (K, C, 3, 3), of any float type.

    Fastest for channels-last ``x``; the result is channels-last.
    """
    n, c, height, width = x.shape
    k = kernels.shape[0]
    rows, columns = -(-height // TILE), -(-width // TILE)
    right, below = columns * TILE - width, rows * TILE - height
    padded = F.pad(x.permute(0, 2, 3, 1), (0, 0, 1, 1 + right, 1, 1 + below))
    patches = _Patches.apply(padded, rows, columns)  # (36, tiles * C)
    points = (INPUTS.to(x) @ patches).view(PATCH**2, -1, c)
    filters = (KERNELS.to(x) @ kernels.permute(2, 3, 1, 0).reshape(9, c * k)).view(-1, c, k)
    products = torch.bmm(points, filters).view(PATCH**2, -1)
    tiles = (OUTPUTS.to(x) @ products).view(TILE, TILE, n, rows, columns, k)
    y = tiles.permute(2, 3, 0, 4, 1, 5).reshape(n, rows * TILE, columns * TILE, k)
    return y[:, :height, :width].permute(0, 3, 1, 2)


class _Patches(torch.autograd.Function):
    """The overlapping tiles of 6x6: (N, H + 2, W + 2, C) to (36, N * rows * columns * C).

    It has its own gradient: autograd's of ``unfold`` takes as long as the products of matrices.
    """

    @staticmethod
    def forward(ctx: Any, padded: Tensor, rows: int, columns: int) -> Tensor:
        ctx.shape, ctx.tiles = padded.shape, (rows, columns)
        tiles = padded.unfold(1, PATCH, TILE).unfold(2, PATCH, TILE)
        return tiles.permute(4, 5, 0, 1, 2, 3).reshape(PATCH**2, -1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        n, _, _, c = ctx.shape
        rows, columns = ctx.tiles
        parts = gradient.view(PATCH, PATCH, n, rows, columns, c)
        padded = gradient.new_zeros(ctx.shape)
        for i in range(PATCH):
            for j in range(PATCH):
                padded[:, i : i + rows * TILE - 3 : TILE, j : j + columns * TILE - 3 : TILE] += (
                    parts[i, j]
                )
        return padded, None, None

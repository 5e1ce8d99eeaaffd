"""The few layers that every backbone is made of. Images are (batch, channels, height, width)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from penjing.models.winograd import Convolution


class Depthwise(nn.Conv2d):
    """Depthwise convolution that trains fast on a CPU.

    oneDNN's backward of a strided depthwise convolution was measured ten times slower than that
    of an unstrided one, so in training the stride is taken afterwards: the same numbers.
    """

    def __init__(
        self,
        channels: int,
        kernel: tuple[int, int],
        stride: int | tuple[int, int],
        padding: int | tuple[int, int],
    ) -> None:
        super().__init__(channels, channels, kernel, stride, padding, groups=channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.stride == (1, 1):
            return super().forward(x)
        down, along = self.stride
        dense = F.conv2d(x, self.weight, None, 1, self.padding, 1, self.groups)
        return dense[:, :, ::down, ::along]


class ConvBN(nn.Sequential):
    """Convolution without bias, BatchNorm, and (unless ``act`` is False) ReLU; "same" padding."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | tuple[int, int] = 3,
        stride: int | tuple[int, int] = 1,
        depthwise: bool = False,
        groups: int = 1,
        act: bool = True,
        padding: int | tuple[int, int] | None = None,
    ) -> None:
        size = (kernel, kernel) if isinstance(kernel, int) else kernel
        same = (size[0] // 2, size[1] // 2) if padding is None else padding
        super().__init__()
        if depthwise:
            self.conv: nn.Conv2d = Depthwise(outputs, size, stride, same)
        else:
            self.conv = Convolution(inputs, outputs, size, stride, same, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        if act:
            self.act = nn.ReLU(inplace=True)


def margin(kernel: tuple[int, int]) -> tuple[int, int]:
    """Padding that keeps the size; but a kernel two rows high makes one row of two."""
    return (0 if kernel[0] == 2 else kernel[0] // 2, kernel[1] // 2)


def shuffle(x: Tensor, groups: int) -> Tensor:
    """Channel shuffle (ShuffleNet): the first of each group, then the second of each, ..."""
    n, c, h, w = x.shape
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).reshape(n, c, h, w)


class Separable(nn.Sequential):
    """Depthwise then pointwise convolution, each with BatchNorm and ReLU (MobileNet v1)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | tuple[int, int] = 3,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self.depthwise = ConvBN(inputs, inputs, kernel, stride, depthwise=True, padding=padding)
        self.pointwise = ConvBN(inputs, outputs, 1)

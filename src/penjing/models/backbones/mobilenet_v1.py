"""MobileNet v1 (Howard et al. 2017) for lines.

Thirteen separable blocks as published; the strides are changed so that height falls 32 to 1 and
width only by 4. Where two rows are left, kernels are one row high: a 3x3 would look at padding.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from penjing.models.backbones import Backbone, register
from penjing.models.blocks import ConvBN, Separable

# (output channels, depthwise kernel, stride)
BLOCKS: tuple[tuple[int, tuple[int, int], int | tuple[int, int]], ...] = (
    (64, (3, 3), 1),
    (128, (3, 3), 2),
    (128, (3, 3), 1),
    (256, (3, 3), (2, 1)),
    (256, (3, 3), 1),
    (256, (3, 3), 1),
    (512, (3, 3), (2, 1)),
    (512, (1, 3), 1),
    (512, (1, 3), 1),
    (512, (1, 3), 1),
    (512, (1, 3), 1),
    (512, (2, 3), 1),  # two rows become one
    (512, (1, 3), 1),
)


@register("mobilenet_v1")
class MobileNetV1(Backbone):
    CHANNELS = {"stem": 32, **{f"block{i}": n for i, (n, _, _) in enumerate(BLOCKS, 1)}}

    def __init__(self, channels: Mapping[str, int]) -> None:
        super().__init__(channels)
        self.stem = ConvBN(1, channels["stem"], 3, 2)
        self.blocks = nn.Sequential()
        inputs = channels["stem"]
        for i, (_, kernel, stride) in enumerate(BLOCKS, 1):
            width = channels[f"block{i}"]
            rows = 0 if kernel[0] == 2 else kernel[0] // 2
            block = Separable(inputs, width, kernel, stride, padding=(rows, 1))
            self.blocks.add_module(f"block{i}", block)
            inputs = width
        self.outputs = inputs

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(self.stem(x))

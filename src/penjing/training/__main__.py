"""One of N training processes: ``torchrun --nproc-per-node N -m penjing.training CONFIG.toml``."""

import sys

from penjing.compression.distillation import lesson_of
from penjing.errors import PenjingError
from penjing.training.config import TrainConfig
from penjing.training.loop import train

try:
    config = TrainConfig.from_toml(sys.argv[1])
    train(config, lesson_of(config))
except PenjingError as error:
    sys.exit(f"penjing: {error.code}: {error}")

"""``torchrun --nproc-per-node N -m penjing.training CONFIG.toml``."""

import sys

from penjing.errors import PenjingError
from penjing.training.config import TrainConfig
from penjing.training.loop import train

try:
    train(TrainConfig.from_toml(sys.argv[1]))
except PenjingError as error:
    sys.exit(f"penjing: {error.code}: {error}")

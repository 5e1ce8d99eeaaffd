"""Networks as data: a :class:`Plan` names every width, :func:`build` makes the module."""

from penjing.models.crnn import CRNN, build, skeleton, with_exit
from penjing.models.plan import Plan
from penjing.models.store import load, save

__all__ = ["CRNN", "Plan", "build", "load", "save", "skeleton", "with_exit"]

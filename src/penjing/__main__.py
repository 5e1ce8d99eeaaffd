"""``python -m penjing``."""

from penjing.cli import app

app(prog_name="penjing")

"""Whole papers, for tests, the demonstration and the measure of ``penjing.fields``.

A ``specimen`` says what is printed where, and what its fields truly are. ``invoices``,
``receipts``, ``tickets`` and ``cards`` make them, with the invented people, firms and numbers of
``names``; ``draw`` makes a picture of one, and ``photograph`` what a telephone's camera sees of it.
"""

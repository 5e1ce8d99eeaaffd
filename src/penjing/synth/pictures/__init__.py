"""How ink becomes the picture of a line.

``surroundings`` are drawn beside it, and ``camera`` crops both. ``looks`` (of papers and screens)
and ``street_looks`` paint them over ``backgrounds``, with ``dot_matrix`` print and ``seals``;
``wear`` damages the picture, and ``legibility`` tells whether it still shows its text.
"""

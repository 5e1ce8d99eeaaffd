"""Making a trained network smaller: which channels matter, cutting them, and healing the rest."""

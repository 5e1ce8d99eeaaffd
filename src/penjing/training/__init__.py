"""Training a recogniser: rendered lines or labelled pictures in, weights out."""

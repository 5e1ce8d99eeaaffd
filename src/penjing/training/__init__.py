"""Training from nothing: rendered lines in, a recogniser out."""

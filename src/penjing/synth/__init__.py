"""Labelled lines of text, drawn fresh from fonts and corpora by seed."""

"""One reader a file. Each runs in its peer's own environment and answers one request a line."""

"""penjing and its peers on the same lines and pages, side by side: ``python -m benchmarks``."""

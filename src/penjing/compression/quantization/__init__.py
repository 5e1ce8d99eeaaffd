"""Eight-bit recognisers: calibrated, written, looked at layer by layer, and kept if worth it."""

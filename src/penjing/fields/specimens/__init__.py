"""Papers made here, for tests, the demonstration and the measure: every name is invented."""

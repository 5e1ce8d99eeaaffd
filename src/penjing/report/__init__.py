"""What models cost and how well they read: counting, timing, scoring, tables, plots."""

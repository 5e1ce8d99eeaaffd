"""Counting, timing, tables and pictures."""

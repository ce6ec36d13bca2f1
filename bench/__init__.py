"""Measures the work of a county beside what the database itself needs for it, in one run on one machine."""

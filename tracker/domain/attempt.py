"""A try to reach a person."""

from __future__ import annotations

from datetime import timedelta

PROMISED_AHEAD = timedelta(days=92)
"""Nobody is put off for longer than a quarter: people under management are due once in each (GPHS 2017)."""

"""The words that rosters use for columns, groups, yes, no and nothing, kept as data in `words.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("words.json")


@cache
def _table() -> Mapping[str, str]:
    loaded: dict[str, str] = json.loads(TABLE.read_text(encoding="utf-8"))
    return loaded


def words(key: str) -> frozenset[str]:
    """The words listed under `key`, in half width and small letters."""
    return frozenset(_table()[key].split())

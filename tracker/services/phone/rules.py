"""The rules that a phone judges by, under a digest that changes with thresholds, words and ranges."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from tracker.domain import ranges
from tracker.domain.policy import load


@cache
def rules() -> tuple[str, dict[str, Any]]:
    """The digest, and the policy pack with the ranges of the form's rows."""
    found = {"policy": load().pack, "ranges": ranges.rows()}
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16], found

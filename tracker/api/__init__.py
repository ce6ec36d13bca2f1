"""The JSON API. A module of calls says `from tracker.api import api` and is named in CALLS."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

from tracker.api.answer import created, paging
from tracker.api.body import body

CALLS = (
    "document",
    "attempt",
    "checkup",
    "condition",
    "contract",
    "device",
    "indicator",
    "population",
    "referral",
    "resident",
    "rules",
    "session",
    "status",
    "sync",
    "target",
    "task",
    "team",
    "visit",
)
"""Modules of this package that add calls to `api`."""

api = Blueprint("api", __name__, url_prefix="/api/v1")

__all__ = ["api", "bind", "body", "created", "paging"]


def bind(app: Flask) -> None:
    for name in CALLS:
        importlib.import_module(f"tracker.api.{name}")
    app.register_blueprint(api)

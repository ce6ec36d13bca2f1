"""The pages. A module has a blueprint `pages` and is named in PAGES."""

from __future__ import annotations

import importlib

from flask import Flask

from tracker.web import in_place, language, shell

PAGES = (
    "account",
    "alerts",
    "approval",
    "attempt",
    "audit",
    "card",
    "checkup",
    "condition",
    "contract",
    "dashboard",
    "device",
    "health",
    "home",
    "indicator",
    "institution",
    "jobs",
    "me",
    "overdue",
    "package",
    "phone",
    "referral",
    "registration",
    "resident",
    "roster",
    "staff",
    "status",
    "target",
    "team",
    "upload",
    "visit",
    "worklist",
)
"""Modules of this package that have pages."""


def bind(app: Flask) -> None:
    for name in PAGES:
        app.register_blueprint(importlib.import_module(f"tracker.web.{name}").pages)
    in_place.bind(app)
    language.bind(app)
    shell.bind(app)

"""A bare Flask application that stores visits, under the same server settings: no guard, no rules."""

from __future__ import annotations

import os
import threading

from flask import Flask, request

from bench.plain import Plain
from bench.plain_visit import store

app = Flask("bare")
_own = threading.local()


def _plain() -> Plain:
    """A connection for each thread, as long as it runs."""
    if not hasattr(_own, "plain"):
        _own.plain = Plain(os.environ["TRACKER_DATABASE_URL"])
    found: Plain = _own.plain
    return found


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/")
def save() -> dict[str, str]:
    sent = request.get_json()
    store(_plain(), sent)
    return {"stored": sent["id"]}

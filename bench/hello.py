"""A bare Flask application under the same server: the floor of what it takes to begin to answer."""

from __future__ import annotations

from flask import Flask

app = Flask("hello")


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}

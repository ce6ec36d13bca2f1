"""For those who watch the process: is it up, can it work, how much does it do. No personal data."""

from __future__ import annotations

import os
import time

from flask import Blueprint, Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client import REGISTRY as OWN

from tracker import clock, database, migrations
from tracker.access import public
from tracker.extensions import db
from tracker.services import health

pages = Blueprint("health", __name__)
REQUESTS = Counter("tracker_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("tracker_request_seconds", "Time to answer", ["route"])


@pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    with database.reader(db.engine) as reading:
        problems = health.check(reading, migrations.head(), clock.now())
    return jsonify(status="not ready" if problems else "ok", problems=problems), 503 if problems else 200


@pages.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    registry = OWN
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # set by `tracker serve` for its workers
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@pages.record_once
def _count(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule or "unknown")
        REQUESTS.labels(request.method, route, response.status_code).inc()
        if "began" in g:
            SECONDS.labels(route).observe(time.perf_counter() - g.began)
        return response

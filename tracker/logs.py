"""One line of the log for each request; no bodies, no queries."""

from __future__ import annotations

import re
import secrets
import time

from flask import Flask, Response, g, request

from tracker import journal

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def bind(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        journal.begin(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint not in ("static", "health.healthz"):
            staff = g.get("staff")
            journal.info(
                "request",
                method=request.method,
                route=str(request.url_rule or ""),
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1),
                staff=str(staff.id) if staff else None,
            )
        return response

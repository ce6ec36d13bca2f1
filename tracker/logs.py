"""JSON lines on standard error, one per request; no bodies, no queries, no ID numbers, no phones."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")
"""ID numbers of 18 and 15 digits and mobile phones."""
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
log = structlog.get_logger()


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank what looks like an ID number or a phone in every text of a line."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = PERSONAL.sub("[…]", value)
    return event


def configure() -> None:
    """Set up this process's log; libraries that use `logging` write the same lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[Any] = [redact, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
    )
    handler = _Stderr()
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last])
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _Stderr(logging.StreamHandler[Any]):
    """Writes to whatever is standard error at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def bind(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint not in ("static", "health.healthz"):
            staff = g.get("staff")
            log.info(
                "request",
                method=request.method,
                route=str(request.url_rule or ""),
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1),
                staff=str(staff.id) if staff else None,
            )
        return response

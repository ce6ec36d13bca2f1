"""A form that the page has sent is told where to go next: its script goes there, not the request."""

from __future__ import annotations

from flask import Flask, Response

from tracker.access import in_place


def bind(app: Flask) -> None:
    @app.after_request
    def tell(response: Response) -> Response:
        if in_place() and response.location and 300 <= response.status_code < 400:
            response.status_code = 204
            response.set_data(b"")
        return response

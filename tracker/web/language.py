"""The language links of every page: `?lang=en` on any address remembers the choice on this device."""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from tracker.i18n import LOCALES

A_YEAR = 365 * 24 * 3600


def bind(app: Flask) -> None:
    @app.before_request
    def switch() -> Response | None:
        chosen = request.args.get("lang")
        if request.method != "GET" or chosen not in LOCALES or request.path.startswith("/api/"):
            return None
        return remember(redirect(request.path), chosen)


def remember(answer: Response, chosen: str) -> Response:
    """Keep the choice in a cookie that holds nothing else."""
    answer.set_cookie(
        "locale", chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return answer

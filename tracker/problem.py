"""What went wrong, told to people as a page and to programs as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import Flask, Response, current_app, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from tracker import journal
from tracker.access import in_api
from tracker.extensions import db
from tracker.i18n import lazy_gettext as _l
from tracker.schemas.problem import Refused
from tracker.services.workforce.scope import NotFound
from tracker.signed import Ended
from tracker.words.problems import texts

Errors = Mapping[str, Sequence[str]]
PAGES = frozenset({400, 403, 404, 413, 500, 503})
TITLES = {
    400: _l("请求看不懂"),
    401: _l("请先登录"),
    403: _l("没有这个权限"),
    404: _l("没有找到"),
    405: _l("不支持这种请求"),
    409: _l("与已有的记录冲突"),
    413: _l("内容太大"),
    415: _l("请用 JSON 提交"),
    422: _l("有内容填得不对"),
    429: _l("请求太频繁，请稍后再试"),
    500: _l("系统出错了"),
    503: _l("没有保存，请稍后再试"),
}


DETAILS = {
    413: _l("一次最多提交 %(most)s MB，这次什么也没有保存；请分成几次"),
}
MEGABYTE = 1024 * 1024


def problem(status: int, detail: str = "", errors: Errors | None = None, **more: Any) -> Response:
    """An answer of the API that says what is wrong, per field where that is known."""
    body: dict[str, Any] = {"type": "about:blank", "title": str(TITLES.get(status, status)), "status": status}
    if detail:
        body["detail"] = detail
    if errors is not None:
        body["errors"] = {field: list(messages) for field, messages in errors.items()}
    text = json.dumps(body | more, ensure_ascii=False)
    return Response(text, status, mimetype="application/problem+json")


def bind(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _not_saved)
    app.register_error_handler(PoolTimeout, _not_saved)
    app.register_error_handler(OSError, _host)
    app.register_error_handler(Exception, _unforeseen)


def _answer(status: int) -> Response:
    if in_api():
        return problem(status, _detail(status))
    page = status if status in PAGES else 400 if status < 500 else 500
    return Response(render_template(f"errors/{page}.html"), status)


def _detail(status: int) -> str:
    most = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // MEGABYTE
    return str(DETAILS[status]) % {"most": most} if status in DETAILS else ""


def _http(error: HTTPException) -> Response:
    db.session.rollback()
    if error.code is None or error.response is not None or error.code < 400:
        return _as_it_is(error)
    answer = problem(403, code=error.problem_code) if isinstance(error, Ended) else _answer(error.code)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    if error.code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _as_it_is(error: HTTPException) -> Response:
    """A redirect of routing, or an answer that was given to `abort` whole."""
    return cast("Response", Response.force_type(error.get_response(request.environ), request.environ))


def _not_found(_error: NotFound) -> Response:
    db.session.rollback()
    return _answer(404)


def _refused(error: Refused) -> Response:
    db.session.rollback()
    if in_api():
        known = {} if error.known is None else {"known": str(error.known)}
        return problem(409 if error.conflict else 422, errors=texts(error.problems), **known)
    return _answer(400)


def _not_saved(error: Exception) -> Response:
    """The database is full, locked or away: nothing was saved, and trying again later may work."""
    journal.error("not saved", error=type(error).__name__, reason=str(getattr(error, "orig", ""))[:200])
    _rollback()
    answer = _answer(503)
    answer.headers["Retry-After"] = "5"
    return answer


def _host(error: OSError) -> Response:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _not_saved(error) if full else _unforeseen(error)


def _unforeseen(error: Exception) -> Response:
    journal.error("unforeseen", error)
    _rollback()
    return _answer(500)


def _rollback() -> None:
    try:
        db.session.rollback()
    except Exception:
        db.session().invalidate()

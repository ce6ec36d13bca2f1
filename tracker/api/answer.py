"""The shapes that answers of the API share: a page of a list, a new record, a query that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, jsonify, request

from tracker.i18n import gettext as _
from tracker.problem import problem

PER_PAGE, PER_PAGE_AT_MOST = 50, 200


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted; pages count from 1."""

    page: int = 1
    per_page: int = PER_PAGE

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page


def paging() -> Paging:
    """`page` and `per_page` of the query; 422 when they are no numbers in range."""
    return Paging(number("page", 1, 1_000_000), number("per_page", PER_PAGE, PER_PAGE_AT_MOST))


def number(name: str, default: int, most: int) -> int:
    """A whole number of the query from 1 on; 422 when it is none."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        abort(wrong(name, _("应是 1–%(most)s 的整数", most=most)))
    return int(text)


def region_argument() -> str:
    """`region` of the query, a code or the beginning of one; empty for everywhere."""
    text = request.args.get("region", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 12):
        abort(wrong("region", _("地区代码是 2–12 位数字")))
    return text


def year_argument() -> int | None:
    """`year` of the query, if there is one."""
    return number("year", 1, 9999) if request.args.get("year") else None


def wrong(field: str, message: str) -> Response:
    """422 for one field or argument; `abort(wrong(...))` ends the request with it."""
    return problem(422, errors={field: [message]})


def created(value: dict[str, Any], location: str) -> Response:
    """201 with the new record and where it is."""
    answer = jsonify(value)
    answer.status_code = 201
    answer.headers["Location"] = location
    return answer

"""The people behind a figure: on a page by part, or all of them as a workbook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, database
from tracker.access import roles
from tracker.domain.indicator import Key, groups_of
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.schemas.problem import Refused
from tracker.services import audit
from tracker.services.indicator import Figure, figures, question
from tracker.services.indicator.export import MOST, Cell, workbook
from tracker.services.indicator.person import RESTRICTED, Part, Person, persons
from tracker.services.indicator.question import Question
from tracker.web import period
from tracker.web.dashboard import XLSX, percent, region_at
from tracker.web.resident import page_number
from tracker.words import labels

pages = Blueprint("indicators", __name__, url_prefix="/indicators")
READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
PER_PAGE = 30
PARTS = {"": None, "0": False, "1": True}
"""All, those that are not in the numerator, those that are."""


@pages.get("/<key>")
@roles(*READERS)
def show(key: str) -> ResponseReturnValue:
    found, asked, region, wrong = _asked(key)
    group, number = _group(found), page_number(request.args)
    part = Part(_part(), PER_PAGE, (number - 1) * PER_PAGE)
    rows, total = persons(db.session(), g.scope, found, group, region.code, asked.period, part)
    shown = part.offset + len(rows)
    page = render_template(
        "dashboard/persons.html", key=found, group=group, region=region, rows=rows, total=total, shown=shown,
        figure=_figure(found, group, region.code, asked), labels=labels, percent=percent,
        groups=groups_of(found),
        part=request.args.get("hit", ""), at=at, back=region_at(region.code, {} if wrong else period.kept()),
        wrong=wrong, withheld=group == RESTRICTED and not g.scope.sees_full,
        next_page=at(page=number + 1) if shown < total else None,
        prev_page=at(page=number - 1) if number > 1 else None,
    )  # fmt: skip
    return page, 422 if wrong else 200


@pages.get("/<key>.xlsx")
@roles(*READERS)
def sheet(key: str) -> ResponseReturnValue:
    """Taking a list of people out is an act on the trail."""
    database.begin_write(db.session())
    found, asked, region, wrong = _asked(key)
    if wrong:
        abort(404)
    group = _group(found)
    rows, _total = persons(
        db.session(), g.scope, found, group, region.code, asked.period, Part(_part(), MOST)
    )
    content = workbook(
        labels.indicator(found, group), [str(h) for h in _heads()], (_cells(row) for row in rows)
    )
    audit.record(
        db.session(), g.actor, clock.now(), "export indicator", "region", region.code,
        details={"persons": len(rows), "key": str(found), "group": group},
    )  # fmt: skip
    db.session.commit()
    name = f"{found}-{region.code}-{asked.period.end.isoformat()}.xlsx"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _asked(key: str) -> tuple[Key, Question, Any, dict[str, str]]:
    """The indicator, the question, the place and what is wrong with the days.

    404 for an indicator or place that is unknown or outside the scope.
    """
    if key not in set(Key):
        abort(404)
    asked, wrong = period.read(clock.today())
    rows = question.rows(db.session(), g.scope, asked.region, None)
    if not rows:
        abort(404)
    return Key(key), asked, rows[0], wrong


def _group(key: Key) -> str | None:
    try:
        return question.group(request.args, key)
    except Refused:
        abort(404)


def _part() -> bool | None:
    return PARTS.get(request.args.get("hit", ""))


def _figure(key: Key, group: str | None, code: str, asked: Question) -> Figure:
    found = figures(db.session(), [code], asked.period, [key])
    return next(figure for figure in found if figure.group == group)


def at(**changed: Any) -> str:
    """This list with parts of its address changed; another part or group begins at its first page."""
    kept: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {})}
    kept.pop("page", None)
    return url_for("indicators.show", **{k: v for k, v in {**kept, **changed}.items() if v is not None})


def _heads() -> tuple[str, ...]:
    return _("姓名"), _("出生日期"), _("村代码"), _("村"), _("达到"), _("原因"), _("日期")


def _cells(row: Person) -> tuple[Cell, ...]:
    return (
        row.name, row.birth_date.isoformat(), row.village_code, row.village, _("是") if row.hit else _("否"),
        "" if row.cause is None else str(labels.CAUSES[row.cause]),
        "" if row.day is None else row.day.isoformat(),
    )  # fmt: skip

"""The commission's home: how a region stands, and the places below it side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.indicator import Period, rate
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.services.indicator import Figure, question
from tracker.services.indicator.export import Cell, workbook
from tracker.services.indicator.kept import day_kept
from tracker.services.indicator.overview import COMPARED, HEADLINES, TENTH, Overview, overview
from tracker.services.target.pace import Standing
from tracker.web import period
from tracker.words import labels

pages = Blueprint("dashboard", __name__)
READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/dashboard")
@roles(*READERS)
def show() -> ResponseReturnValue:
    today = clock.today()
    # Just after midnight the figures are those of the day before, until the new day's are counted.
    asked, wrong = period.read(today if period.kept() else day_kept(db.session(), today))
    found = overview(db.session(), g.scope, asked.region, asked.period)
    if found is None and asked.region:
        abort(404)
    if found is None:
        return render_template("dashboard/none.html")
    compare = request.args.get("compare", "") if request.args.get("compare") in COMPARED else ""
    days = {} if wrong else period.kept()
    page = render_template(
        "dashboard/show.html", found=found, period=asked.period, wrong=wrong, labels=labels, percent=percent,
        headlines=HEADLINES, compared=COMPARED[compare], compare=compare,
        covered=partial(question.covered_by_region, g.scope), compare_at=partial(compare_at, days=days),
        persons_at=partial(persons_at, days=days), region_at=partial(region_at, days=days),
        sheet_at=url_for(".sheet", region=found.region.code, **days), asks=request.args,
        offers=period.offers(asked.period, today, region=found.region.code, compare=compare or None),
        months=_months(found), points=points, unfinished=unfinished(asked.period),
        counted=None if found.as_of is None else labels.moment(found.as_of, clock.zone()),
        sets=g.staff.role is Role.COMMISSION,
    )  # fmt: skip
    return page, 422 if wrong else 200


@pages.get("/dashboard.xlsx")
@roles(*READERS)
def sheet() -> ResponseReturnValue:
    """Every figure of the region and of the places below it."""
    asked = question.read(request.args, clock.today())
    found = overview(db.session(), g.scope, asked.region, asked.period)
    if found is None:
        abort(404)
    places = [*([found.own] if found.own else []), *found.below]
    rows = [_cells(place.region.name, s) for place in places for s in place.standings.values()]
    content = workbook(_("指标"), [str(h) for h in _heads()], rows)
    name = f"indicators-{found.region.code}-{asked.period.end.isoformat()}.xlsx"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _heads() -> tuple[str, ...]:
    return (
        _("地区代码"), _("地区"), _("指标"), _("从"), _("到"), _("分子"), _("分母"), _("比率"),
        _("目标"), _("进度"), _("其中不满35岁"),
    )  # fmt: skip


def _cells(name: str, standing: Standing) -> tuple[Cell, ...]:
    f = standing.figure
    return (
        f.region_code, name, labels.indicator(f.key, f.group), f.period.start.isoformat(),
        f.period.end.isoformat(), f.numerator, f.denominator, f.rate, standing.target, standing.pace, f.young,
    )  # fmt: skip


def percent(figure: Figure) -> str:
    """A rate with one decimal, or a dash where there is none."""
    shown = None if figure.rate is None else rate(figure.numerator, figure.denominator, TENTH)
    return "—" if shown is None else f"{shown}%"


def points(number: Decimal) -> str:
    """Percentage points with one decimal, without a sign."""
    return f"{abs(number):.1f}"


def persons_at(figure: Figure, days: dict[str, Any]) -> str:
    """The people behind a figure, over the same period."""
    place, group = figure.region_code, figure.group
    return url_for("indicators.show", key=str(figure.key), region=place, group=group, **days)


def region_at(code: str, days: dict[str, Any]) -> str:
    return url_for("dashboard.show", region=code, **days)


def compare_at(code: str, columns: str, days: dict[str, Any]) -> str:
    """The same place with another set of columns."""
    return url_for("dashboard.show", region=code, compare=columns or None, **days)


def _months(found: Overview) -> list[tuple[str, Decimal | None]]:
    return [(month(on), value) for on, value in found.months]


def month(on: date) -> str:
    return f"{on.year}-{on.month:02d}"


def unfinished(shown: Period) -> bool:
    """Whether the last month of a line goes on after the period's last day."""
    return shown.end.month == date.fromordinal(shown.end.toordinal() + 1).month

"""Targets and population: what is set, and setting it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TypeVar, cast

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.indicator import Key, groups_of
from tracker.domain.roles import LEADS, OVERSIGHT, Role
from tracker.extensions import db
from tracker.forms.target import PopulationForm, TargetForm
from tracker.i18n import gettext as _
from tracker.models import Region, Target
from tracker.schemas.problem import Refused, refuse
from tracker.services.indicator import estimate, question
from tracker.services.target import population, target
from tracker.services.target.denominator import denominators
from tracker.services.target.population import YEARS
from tracker.services.workforce import region
from tracker.words import labels

pages = Blueprint("targets", __name__, url_prefix="/targets")
READERS = (*LEADS, *OVERSIGHT)
Form = TypeVar("Form", TargetForm, PopulationForm)


@pages.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    return _page(TargetForm(formdata=None), PopulationForm(formdata=None))


@pages.post("")
@roles(Role.COMMISSION)
def put() -> ResponseReturnValue:
    form = _offered(TargetForm())
    if form.validate_on_submit():
        key, group = form.chosen()
        try:
            _own(form.region.data)
            target.put(
                db.session(), g.actor, clock.now(), region_code=form.region.data,
                year=cast("int", form.year.data), indicator=key, group=group, percent=form.percent.data,
            )  # fmt: skip
            return _done(form, _("已保存目标"))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused.problems)
    return _page(form, PopulationForm(formdata=None))


@pages.post("/population")
@roles(Role.COMMISSION)
def put_population() -> ResponseReturnValue:
    form = _offered(PopulationForm())
    if form.validate_on_submit():
        try:
            _own(form.region.data)
            _keep(form)
            return _done(form, _("已保存人口"))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused.problems)
    return _page(TargetForm(formdata=None), form)


def _keep(form: PopulationForm) -> None:
    session, now = db.session(), clock.now()
    code, year = form.region.data, cast("int", form.year.data)  # neither is left out: the form is valid
    population.put(
        session, g.actor, now, region_code=code, year=year, resident=cast("int", form.resident.data),
        registered=form.registered.data, source=form.source.data,
    )  # fmt: skip
    estimate.put(session, g.actor, now, code, year, form.patients())


def _own(code: str) -> None:
    if not question.covered_by_region(g.scope, code):
        raise refuse("region", "region_foreign", region=code)


def _done(form: TargetForm | PopulationForm, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".show", region=form.region.data, year=form.year.data))


def _page(targets: TargetForm, people: PopulationForm) -> ResponseReturnValue:
    session, home, year = db.session(), _home(), _year()
    places = [] if home is None else [home, *region.children(session, home.code)]
    aims = [] if home is None else _aims(home, {place.code for place in places}, year)
    page = render_template(
        "targets/show.html", targets=aims, people=denominators(session, places, date(year, 12, 31)),
        year=year, labels=labels, names=region.names(session, {row.region_code for row in aims}),
        crumbs=[] if home is None else region.path(session, home.code),
        covered=partial(question.covered_by_region, g.scope), home=home, Key=Key,
        target_form=_offered(targets), people_form=_offered(people), sets=g.staff.role is Role.COMMISSION,
    )  # fmt: skip
    return page, 422 if targets.errors or people.errors else 200


def _aims(home: Region, places: set[str], year: int) -> list[Target]:
    """What the place has to reach, then what places right below it have to reach instead."""
    known = target.in_force(db.session(), home.code, year)
    below = target.listed(db.session(), home.code, year)
    rows = [*known, *(row for row in below if row.region_code in places - {home.code})]
    rows = [row for row in rows if row.indicator in set(Key)]
    return sorted(
        rows, key=lambda row: (row.region_code if row.region_code in places else home.code, _order(row))
    )


def _order(row: Target) -> tuple[int, int]:
    """As the pick list has them."""
    groups = groups_of(Key(row.indicator))
    return list(Key).index(Key(row.indicator)), groups.index(row.group_code or None)


def _year() -> int:
    """The year of the page, this one where none is asked for."""
    asked = request.args.get("year", type=int)
    return asked if asked is not None and asked in YEARS else clock.today().year


def _home() -> Region | None:
    """The place asked for if it is in the scope, else that of the member of staff."""
    found = question.rows(db.session(), g.scope, request.args.get("region", "")[:12], None)
    return found[0] if found else question.home(db.session(), g.scope)


def _offered(form: Form) -> Form:
    if form.region.choices:
        return form
    home = _home()
    form.offer_regions(_offered_places(home, form.region.data), "" if home is None else home.code, _year())
    if isinstance(form, TargetForm):
        form.offer_subjects()
    return form


def _offered_places(home: Region | None, sent: str | None) -> list[Region]:
    """The page's place and those right below it, and the one sent if the reader answers for it."""
    session = db.session()
    found = [] if home is None else [home, *region.children(session, home.code)]
    other = session.get(Region, sent[:12]) if sent else None
    if other is not None and other not in found and question.covered_by_region(g.scope, other.code):
        found.append(other)
    return found

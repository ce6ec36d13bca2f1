"""Targets and population: what is set, and setting it."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.indicator import Key
from tracker.domain.roles import LEADS, OVERSIGHT, Role
from tracker.extensions import db
from tracker.forms.target import PopulationForm, TargetForm
from tracker.i18n import gettext as _
from tracker.models import Level, Region
from tracker.schemas.problem import Refused, refuse
from tracker.services import population, region, target
from tracker.services.indicator import estimate, question
from tracker.words import labels

pages = Blueprint("targets", __name__, url_prefix="/targets")
READERS = (*LEADS, *OVERSIGHT)
Form = TypeVar("Form", TargetForm, PopulationForm)
LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


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
                db.session(), g.actor, clock.now(), region_code=form.region.data, year=form.year.data,
                indicator=key, group=group, percent=form.percent.data,
            )  # fmt: skip
            return _done(form.region.data, _("已保存目标"))
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
            return _done(form.region.data, _("已保存人口"))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused.problems)
    return _page(TargetForm(formdata=None), form)


def _keep(form: PopulationForm) -> None:
    session, now = db.session(), clock.now()
    code, year = form.region.data, form.year.data
    population.put(
        session, g.actor, now, region_code=code, year=year, resident=form.resident.data,
        registered=form.registered.data, source=form.source.data,
    )  # fmt: skip
    estimate.put(session, g.actor, now, code, year, form.patients())


def _own(code: str) -> None:
    if not question.covered_by_region(g.scope, code):
        raise refuse("region", "region_foreign", region=code)


def _done(code: str, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".show", region=code))


def _page(targets: TargetForm, people: PopulationForm) -> ResponseReturnValue:
    session, home = db.session(), _home()
    code = "" if home is None else home.code
    below = [] if home is None else region.children(session, home.code)
    places = {code} | {child.code for child in below}
    set_targets = [
        t for t in target.listed(session, code) if t.indicator in set(Key) and t.region_code in places
    ]
    set_people = [p for p in population.listed(session, code) if p.region_code in places]
    codes = {t.region_code for t in set_targets} | {p.region_code for p in set_people}
    names = region.names(session, codes)
    page = render_template(
        "targets/show.html", targets=set_targets, people=set_people, names=names, labels=labels,
        target_form=_offered(targets), people_form=_offered(people), sets=g.staff.role is Role.COMMISSION,
        home=home, Key=Key, below=below,
    )  # fmt: skip
    return page, 422 if targets.errors or people.errors else 200


def _home() -> Region | None:
    """The place asked for if it is in the scope, else that of the member of staff."""
    found = question.rows(db.session(), g.scope, request.args.get("region", "")[:12], None)
    return found[0] if found else question.home(db.session(), g.scope)


def _offered(form: Form) -> Form:
    if form.region.choices:
        return form
    home = question.home(db.session(), g.scope)
    found = [r for level in LEVELS for r in region.in_scope(db.session(), g.scope, level)]
    chosen = request.args.get("region") or ("" if home is None else home.code)
    form.offer_regions(sorted(found, key=lambda r: r.code), chosen, clock.today())
    if isinstance(form, TargetForm):
        form.offer_subjects()
    return form

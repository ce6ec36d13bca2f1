"""Registering a person and correcting the record; a likely duplicate is asked about once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.roles import CARE
from tracker.extensions import db
from tracker.forms.resident import ResidentForm
from tracker.i18n import gettext as _
from tracker.models import Region, Resident
from tracker.models.region import Level
from tracker.schemas.problem import Refused
from tracker.schemas.resident import ResidentIn
from tracker.services.resident import resident as residents
from tracker.services.resident.group import entered
from tracker.services.resident.record import record
from tracker.services.resident.search import namesakes
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound
from tracker.web.resident import own_person, sender
from tracker.words import labels

pages = Blueprint("registration", __name__, url_prefix="/residents")


@pages.route("/new", methods=["GET", "POST"])
@roles(*CARE)
def new() -> ResponseReturnValue:
    form = ResidentForm()
    form.offer(region.in_scope(db.session(), g.scope))
    typed = form.resident() if form.validate_on_submit() else None
    alike = [] if typed is None else _alike(form, typed)
    if typed is not None and not alike:
        made = _create(form, typed)
        if made is not None:
            return redirect(url_for("residents.person", key=made.id))
    return _page(form, alike, _("新建居民档案"), url_for("residents.show"))


@pages.route("/<uuid:key>/edit", methods=["GET", "POST"])
@roles(*CARE)
def edit(key: UUID) -> ResponseReturnValue:
    form = _filled(_person(key))
    typed = form.resident() if form.validate_on_submit() and not form.undecided() else None
    alike = [] if typed is None else _alike(form, typed, key)
    if typed is not None and not alike and _edit(form, typed, key):
        return redirect(_after(key))
    return _page(form, alike, _("修改档案"), url_for("residents.person", key=key))


def _person(key: UUID) -> Resident:
    """Locked where something was sent: nobody else changes it between the comparing and the writing."""
    return residents.open_record(db.session(), sender(), key) if request.form else own_person(key)


def _filled(resident: Resident) -> ResidentForm:
    session, today = db.session(), clock.today()
    held = record(session, resident, today)
    form = ResidentForm.of(resident, held.phones, entered(session, resident, today), request.form)
    form.offer(_villages(resident))
    return form


def _villages(resident: Resident) -> list[Region]:
    return list(region.below(db.session(), resident.county_code, Level.VILLAGE))


def _alike(form: ResidentForm, typed: ResidentIn, besides: UUID | None = None) -> list[Resident]:
    if form.another.data:
        return []
    return namesakes(db.session(), typed.region_code, typed.name, typed.birth_date, besides)


def _create(form: ResidentForm, typed: ResidentIn) -> Resident | None:
    try:
        resident, _new = residents.create(db.session(), sender(), typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return None
    db.session.commit()
    flash(_("已建档，档案号 %(number)s", number=resident.archive_no), "success")
    return resident


def _edit(form: ResidentForm, typed: ResidentIn, key: UUID) -> bool:
    try:
        resident = residents.open_record(db.session(), sender(), key)
        residents.edit(db.session(), sender(), resident, typed)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return False
    db.session.commit()
    flash(_("已保存"), "success")
    return True


def _after(key: UUID) -> str:
    """The record, or the list where the person has moved out of sight."""
    try:
        my(Resident, key)
    except NotFound:
        return url_for("residents.show")
    return url_for("residents.person", key=key)


def _page(form: ResidentForm, alike: list[Resident], title: str, back: str) -> ResponseReturnValue:
    status = 422 if form.errors or alike else 200
    page = render_template(
        "residents/form.html", form=form, alike=alike, title=title, back=back, labels=labels
    )
    return page, status

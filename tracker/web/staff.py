"""Who works here: adding, changing and disabling people, their activation codes and places in teams."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.field import put_errors
from tracker.forms.staff import JoinForm, NewStaffForm, StaffForm
from tracker.i18n import gettext as _
from tracker.models import Staff
from tracker.schemas.problem import Refused
from tracker.services.account import account
from tracker.services.phone import device
from tracker.services.workforce import institution, region, staff, team
from tracker.words import labels

pages = Blueprint("staff", __name__, url_prefix="/admin/staff")
manager = roles(Role.SYSADMIN, Role.COMMISSION, Role.TOWNSHIP_ADMIN)


@pages.get("")
@manager
def show() -> ResponseReturnValue:
    sought = request.args.get("q", "").strip()[:60]
    people = [p for p in staff.managed(db.session(), g.scope) if sought in p.name or sought in p.username]
    return render_template(
        "staff/show.html", people=people, ends_soon=_ends_soon, sought=sought,
        areas=staff.places(db.session(), people),
    )  # fmt: skip


@pages.route("/new", methods=["GET", "POST"])
@manager
def new() -> ResponseReturnValue:
    form = NewStaffForm()
    _offer(form)
    if not form.validate_on_submit():
        return render_template("staff/new.html", form=form), 422 if form.is_submitted() else 200
    session = db.session()
    try:
        details = form.details(_codes(form))
        staff.may_give(g.scope, details.role, details.regions)
        added = staff.add(session, g.actor, clock.now(), form.username.data, details)
    except Refused as refused:
        put_errors(form, refused)
        return render_template("staff/new.html", form=form), 422
    code = account.issue_code(session, g.actor, added, clock.now())
    session.commit()
    return render_template("staff/code.html", person=added, code=code)


@pages.route("/<uuid:staff_id>", methods=["GET", "POST"])
@manager
def edit(staff_id: UUID) -> ResponseReturnValue:
    session = db.session()
    person = staff.find(session, g.scope, staff_id)
    form = StaffForm(obj=person, role=person.role, institution=str(person.institution_id or ""))
    _offer(form)
    if not form.is_submitted():
        form.regions.data = " ".join(staff.regions_of(session, person))
    if not form.validate_on_submit():
        return _page(person, form), 422 if form.is_submitted() else 200
    try:
        details = form.details(_codes(form))
        staff.may_give(g.scope, details.role, details.regions)
        staff.edit(session, g.actor, clock.now(), person, details)
    except Refused as refused:
        put_errors(form, refused)
        return _page(person, form), 422
    return _done(person, _("已保存"))


@pages.post("/<uuid:staff_id>/code")
@manager
def code(staff_id: UUID) -> ResponseReturnValue:
    session = db.session()
    person = staff.find(session, g.scope, staff_id)
    issued = account.issue_code(session, g.actor, person, clock.now())
    session.commit()
    return render_template("staff/code.html", person=person, code=issued)


@pages.post("/<uuid:staff_id>/disable")
@manager
def disable(staff_id: UUID) -> ResponseReturnValue:
    person = staff.find(db.session(), g.scope, staff_id)
    try:
        staff.disable(db.session(), g.actor, clock.now(), person, clock.today())
    except Refused:
        flash(_("不能停用自己"), "error")
        return redirect(url_for(".edit", staff_id=staff_id))
    return _done(person, _("已停用，所有设备和令牌都已失效"))


@pages.post("/<uuid:staff_id>/enable")
@manager
def enable(staff_id: UUID) -> ResponseReturnValue:
    person = staff.find(db.session(), g.scope, staff_id)
    staff.enable(db.session(), g.actor, clock.now(), person)
    return _done(person, _("已重新启用"))


@pages.post("/<uuid:staff_id>/teams")
@manager
def join(staff_id: UUID) -> ResponseReturnValue:
    session = db.session()
    person, form = staff.find(session, g.scope, staff_id), JoinForm()
    form.offer(team.listed(session, g.scope))
    if not form.validate_on_submit():
        flash(_("请选团队，并填从哪天起"), "error")
        return redirect(url_for(".edit", staff_id=staff_id))
    place = team.find(session, g.scope, UUID(form.team.data))
    team.join(session, g.actor, clock.now(), place, person, form.from_on.data)
    return _done(person, _("已加入团队"))


def _done(person: Staff, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".edit", staff_id=person.id))


def _codes(form: StaffForm) -> list[str]:
    return region.codes(db.session(), form.typed(), g.scope.regions, "regions")


def _offer(form: StaffForm) -> None:
    form.offer(staff.MANAGES[g.scope.role], institution.listed(db.session(), g.scope))


def _page(person: Staff, form: StaffForm) -> str:
    session, joining = db.session(), JoinForm(from_on=clock.today())
    joining.offer(team.listed(session, g.scope))
    return render_template(
        "staff/edit.html",
        person=person,
        form=form,
        joining=joining,
        memberships=staff.teams_of(session, person),
        areas=staff.places(session, [person]).get(person.id, []),
        ends_soon=_ends_soon,
        day=labels.day,
        phones_of=device.of_staff(session, person.id),
        labels=labels,
        zone=clock.zone(),
    )


def _ends_soon(person: Staff) -> bool:
    return staff.licence_ends_soon(person, clock.today())

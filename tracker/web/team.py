"""Teams: the villages they cover and their members, each from a day to a day."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import Role
from tracker.extensions import db
from tracker.forms.field import put_errors
from tracker.forms.staff import EndForm
from tracker.forms.team import CoverForm, TeamForm
from tracker.i18n import gettext as _
from tracker.models import BEGINNING, Level, Region, Team
from tracker.schemas.problem import Refused
from tracker.services.workforce import region, team
from tracker.words import labels
from tracker.words.problems import text

pages = Blueprint("team", __name__, url_prefix="/admin/teams")
manager = roles(Role.SYSADMIN, Role.COMMISSION, Role.TOWNSHIP_ADMIN)


@pages.get("")
@manager
def show() -> ResponseReturnValue:
    session = db.session()
    teams = team.listed(session, g.scope)
    towns = region.names(session, {row.township_code for row in teams})
    return render_template("teams/show.html", teams=teams, towns=towns)


@pages.route("/new", methods=["GET", "POST"])
@manager
def new() -> ResponseReturnValue:
    session, form = db.session(), TeamForm()
    form.offer(_townships())
    if not form.validate_on_submit():
        return render_template("teams/new.html", form=form), 422 if form.is_submitted() else 200
    try:
        codes = region.codes(session, form.typed(), [form.township.data], "villages")
        added = team.add(session, g.actor, clock.now(), form.new(codes))
    except Refused as refused:
        put_errors(form, refused)
        return render_template("teams/new.html", form=form), 422
    return _done(added, _("已登记团队"))


@pages.get("/<uuid:team_id>")
@manager
def one(team_id: UUID) -> ResponseReturnValue:
    session = db.session()
    found = team.find(session, g.scope, team_id)
    villages, covering = team.villages(session, found), CoverForm(from_on=clock.today())
    covering.offer(_free(found))
    return render_template(
        "teams/one.html",
        team=found,
        villages=villages,
        names=region.names(session, {row.village_code for row in villages}),
        members=team.members(session, found),
        covering=covering,
        ending=EndForm(to_on=clock.today()),
        beginning=BEGINNING,
        day=labels.day,
    )


@pages.post("/<uuid:team_id>/villages")
@manager
def cover(team_id: UUID) -> ResponseReturnValue:
    found, form = team.find(db.session(), g.scope, team_id), CoverForm()
    form.offer(_free(found))
    if not form.validate_on_submit():
        return _refused(found, _("请选这个乡镇里还没有的村，并填日期"))
    try:
        team.cover(db.session(), g.actor, clock.now(), found, form.village.data, form.from_on.data)
    except Refused as refused:
        return _refused(found, text(refused.problems[0]))
    return _done(found, _("已加上这个村"))


@pages.post("/<uuid:team_id>/villages/<uuid:row_id>/end")
@manager
def uncover(team_id: UUID, row_id: UUID) -> ResponseReturnValue:
    found, form = team.find(db.session(), g.scope, team_id), EndForm()
    row = team.village_row(db.session(), found, row_id)
    if not form.validate_on_submit():
        return _refused(found, _("请填最后一天"))
    try:
        team.uncover(db.session(), g.actor, clock.now(), row, form.to_on.data)
    except Refused as refused:
        return _refused(found, text(refused.problems[0]))
    return _done(found, _("已写明最后一天"))


@pages.post("/<uuid:team_id>/members/<uuid:row_id>/end")
@manager
def leave(team_id: UUID, row_id: UUID) -> ResponseReturnValue:
    found, form = team.find(db.session(), g.scope, team_id), EndForm()
    row = team.membership(db.session(), found, row_id)
    if not form.validate_on_submit():
        return _refused(found, _("请填最后一天"))
    try:
        team.leave(db.session(), g.actor, clock.now(), row, form.to_on.data)
    except Refused as refused:
        return _refused(found, text(refused.problems[0]))
    return _done(found, _("已写明最后一天"))


def _free(found: Team) -> list[Region]:
    """Villages of the team's township that it does not cover from today on."""
    today = clock.today()
    taken = {
        row.village_code
        for row in team.villages(db.session(), found)
        if row.to_on is None or row.to_on >= today
    }
    there = region.below(db.session(), found.township_code, Level.VILLAGE)
    return [place for place in there if place.code not in taken and _may(place.code)]


def _may(code: str) -> bool:
    return not g.scope.regions or g.scope.covers(code)


def _townships() -> list[Region]:
    if g.scope.role is Role.SYSADMIN and not g.scope.regions:
        return list(region.below(db.session(), "", Level.TOWNSHIP))
    return list(region.in_scope(db.session(), g.scope, Level.TOWNSHIP))


def _done(found: Team, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for(".one", team_id=found.id))


def _refused(found: Team, words: str) -> ResponseReturnValue:
    address = url_for(".one", team_id=found.id)
    db.session.rollback()
    flash(words, "error")
    return redirect(address)

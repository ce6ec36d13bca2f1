"""People: the list with its search, one person's record, and the full view for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.card import is_code, looks_like_code, shown, tidy
from tracker.domain.person import has_allergies
from tracker.domain.roles import CARE, OVERSIGHT, REVEALS, Role
from tracker.extensions import db
from tracker.forms.card import wrong_code
from tracker.forms.field import put_errors
from tracker.forms.resident import RevealForm, SearchForm
from tracker.models import Resident
from tracker.schemas.problem import Refused
from tracker.services.card import card
from tracker.services.contract import listing as contract_list
from tracker.services.resident import resident as residents
from tracker.services.resident.record import record
from tracker.services.resident.search import Filters, search
from tracker.services.resident.view import view, views
from tracker.services.sender import Sender
from tracker.services.task import referral
from tracker.services.workforce import region
from tracker.services.workforce.scope import NotFound
from tracker.web import sought
from tracker.words import labels

pages = Blueprint("residents", __name__, url_prefix="/residents")
READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
PER_PAGE = 30


def sender() -> Sender:
    """Who is at the page, and when."""
    return Sender(g.staff, g.actor, clock.now())


def own_person(key: UUID) -> Resident:
    """The person, if whoever is at the page answers for them today; 404 otherwise."""
    resident = my(Resident, key)
    if not residents.answers_for(db.session(), sender(), resident):
        raise NotFound
    return resident


@pages.post("")
@roles(*READERS, write=False)
def seek() -> ResponseReturnValue:
    """From what was typed to the page that answers it, with an address that does not tell."""
    return redirect(sought.address(".show", SearchForm(request.form).data), 303)


@pages.get("")
@roles(*READERS)
def show() -> ResponseReturnValue:
    form = SearchForm(sought.typed())
    said = tidy(form.q.data[:60])
    if is_code(said):
        return redirect(url_for("cards.find", code=said))
    if looks_like_code(said):
        form.q.errors = [wrong_code()]
    return _list(form), 422 if form.errors else 200


def _list(form: SearchForm) -> str:
    number, today = page_number(request.args), clock.today()
    form.offer(region.in_scope(db.session(), g.scope))
    wanted = form.wanted()
    found = search(db.session(), g.scope, wanted, today, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    people = views(db.session(), g.scope, found.residents, today)
    return render_template(
        "residents/show.html", form=form, people=people, total=found.total, number=number, today=today,
        shown=min(number * PER_PAGE, found.total), labels=labels,
        villages=region.names(db.session(), [p["region_code"] for p in people]), filtered=wanted != Filters(),
        narrowed=wanted != Filters(q=wanted.q),
        next_page=_page_at(form, number + 1) if number * PER_PAGE < found.total else None,
        prev_page=_page_at(form, number - 1) if number > 1 else None, writes=g.scope.writes,
    )  # fmt: skip


def page_number(query: Mapping[str, str]) -> int:
    """The page of a list that is asked for; the first one when that is no number."""
    said = query.get("page", "1")
    return int(said) if said.isascii() and said.isdigit() and 1 <= len(said) < 7 and int(said) else 1


def _page_at(form: SearchForm, number: int) -> str:
    return sought.address(".show", form.data, page=number)


@pages.get("/<uuid:key>")
@roles(*READERS)
def person(key: UUID) -> ResponseReturnValue:
    return _record(my(Resident, key), RevealForm())


@pages.post("/<uuid:key>/reveal")
@roles(*REVEALS)
def reveal(key: UUID) -> ResponseReturnValue:
    resident, form = my(Resident, key), RevealForm()
    if not form.validate_on_submit():
        return _record(resident, form), 422
    try:
        residents.reveal(db.session(), sender(), resident, form.reason.data)
    except Refused as refused:
        put_errors(form, refused)
        return _record(resident, form), 422
    db.session.commit()
    return _record(resident, form, revealed=True)


def _record(resident: Resident, form: RevealForm, *, revealed: bool = False) -> str:
    session, today = db.session(), clock.today()
    own = card.of(session, resident.id) if g.staff.role in CARE else None
    tracked = referral.tracked(session, resident)
    return render_template(
        "residents/person.html",
        person=view(session, g.scope, resident, today, revealed=revealed),
        record=record(session, resident, today),
        tracked=tracked, urgent={str(row.Task.disease) for row in tracked if row.urgent},
        place=[r.name for r in region.path(session, resident.village_code)][2:],
        form=form, revealed=revealed, labels=labels, today=today, zone=clock.zone(),
        reveals=g.staff.role in REVEALS, reopens=g.staff.role is Role.COMMISSION,
        card_code=shown(own.code) if own else "",
        lapsed=contract_list.ended_by_leaving(session, resident.id),
        shows_all=g.scope.sees_full or revealed, has_allergies=has_allergies,
        last_day=lambda day: day - timedelta(days=1),
        writes=residents.answers_for(session, sender(), resident),
    )  # fmt: skip

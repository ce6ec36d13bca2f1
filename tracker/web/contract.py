"""Contracts: the list with those soon to end, one contract, signing, renewing, ending, voiding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.domain.contract import ContractStatus, Evidence
from tracker.domain.masking import mask_name
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.forms.contract import RenewForm, SignForm, SignLaterForm, TerminateForm, VoidForm
from tracker.i18n import gettext as _
from tracker.models import Contract, Resident, Team
from tracker.schemas.problem import Refused
from tracker.services.contract import contract as contracts
from tracker.services.contract import listing as contract_list
from tracker.services.contract import package
from tracker.services.contract import rules as contract_rules
from tracker.services.contract.listing import Wanted
from tracker.services.workforce import region, scope
from tracker.web.contract_page import PER_PAGE, filters, page_at, said
from tracker.web.resident import own_person, page_number, sender
from tracker.words import labels

pages = Blueprint("contracts", __name__)
READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
VOIDERS = (*CARE, Role.COMMISSION)


@pages.get("/contracts")
@roles(*READERS)
def show() -> ResponseReturnValue:
    number, wanted = page_number(request.args), filters(request.args)
    rows, total = contract_list.find(db.session(), g.scope, wanted, (number - 1) * PER_PAGE, PER_PAGE)
    ending = contract_list.find(db.session(), g.scope, Wanted(region=wanted.region, expiring=True), 0, 0)[1]
    return render_template(
        "contracts/show.html", rows=rows, total=total, ending=ending, wanted=wanted, labels=labels,
        today=clock.today(), status_of=contract_list.status_of, statuses=ContractStatus, name=_name,
        shown=min(number * PER_PAGE, total), page_at=page_at,
        villages=region.names(db.session(), [row.resident.village_code for row in rows]),
        next_page=page_at(page=number + 1) if number * PER_PAGE < total else None,
        prev_page=page_at(page=number - 1) if number > 1 else None,
    )  # fmt: skip


def _name(resident: Resident) -> str:
    return resident.name if g.scope.sees_full else mask_name(resident.name)


@pages.get("/contracts/<uuid:key>")
@roles(*READERS)
def one(key: UUID) -> ResponseReturnValue:
    return _page(my(Contract, key))


def _page(contract: Contract, form: VoidForm | None = None) -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    resident = session.get_one(Resident, contract.resident_id)
    return render_template(
        "contracts/one.html", contract=contract, resident=resident, name=_name(resident), labels=labels,
        team=session.get_one(Team, contract.team_id), today=today, writes=g.scope.writes,
        shown=contract_list.show(session, contract, today), can=said(session, contract, today),
        packages=package.of_contracts(session, [contract])[contract.id], voiding=form or VoidForm(),
        voids=g.staff.role in VOIDERS,
    ), 422 if form else 200  # fmt: skip


@pages.route("/residents/<uuid:key>/contracts/new", methods=["GET", "POST"])
@roles(*CARE)
def new(key: UUID) -> ResponseReturnValue:
    resident, form, session = own_person(key), SignForm(), db.session()
    form.offer_packages(package.offered(session), clock.today())
    form.offer_teams(
        contract_rules.teams_of(session, resident.county_code),
        scope.team_of_village(session, resident.village_code, clock.today()),
    )
    typed = form.contract(key) if form.validate_on_submit() else None
    if typed is not None:
        made = _try(form, lambda: contracts.sign(session, sender(), typed))
        if made is not None:
            return _done(made[0].id, _("已签约"))
    return _form("contracts/new.html", form, person=resident)


@pages.route("/contracts/<uuid:key>/renew", methods=["GET", "POST"])
@roles(*CARE)
def renew(key: UUID) -> ResponseReturnValue:
    old, form, session = my(Contract, key), RenewForm(), db.session()
    form.offer_packages(package.offered(session), clock.today())
    typed = form.renewal() if form.validate_on_submit() else None
    if typed is not None:
        made = _try(form, lambda: contracts.renew(session, sender(), old, typed))
        if made is not None:
            return _done(made[0].id, _("已续签"))
    return _form("contracts/renew.html", form, **_about(my(Contract, key)))


@pages.route("/contracts/<uuid:key>/signature", methods=["GET", "POST"])
@roles(*CARE)
def complete(key: UUID) -> ResponseReturnValue:
    contract, form = my(Contract, key), SignLaterForm.offer(clock.today())
    typed = form.completed() if form.validate_on_submit() else None
    if typed is not None and _try(form, lambda: contracts.complete(db.session(), sender(), contract, typed)):
        return _done(key, _("已补签字"))
    return _form("contracts/complete.html", form, **_about(my(Contract, key)))


@pages.route("/contracts/<uuid:key>/terminate", methods=["GET", "POST"])
@roles(*CARE)
def terminate(key: UUID) -> ResponseReturnValue:
    contract, form = my(Contract, key), TerminateForm(terminated_on=clock.today())
    typed = form.termination() if form.validate_on_submit() else None
    if typed is not None:
        done = _try(form, lambda: contracts.terminate(db.session(), sender(), contract, typed))
        if done is not None:
            return _done(key, _("已解约"))
    return _form("contracts/terminate.html", form, **_about(my(Contract, key)))


@pages.post("/contracts/<uuid:key>/void")
@roles(*VOIDERS)
def void(key: UUID) -> ResponseReturnValue:
    contract, form = my(Contract, key), VoidForm()
    if not form.validate_on_submit():
        return _page(contract, form)
    reason = form.reason.data or ""
    if _try(form, lambda: contracts.void(db.session(), sender(), contract, reason)) is None:
        return _page(my(Contract, key), form)
    return _done(key, _("已作废"))


def _about(contract: Contract) -> dict[str, Any]:
    session = db.session()
    return {
        "contract": contract,
        "person": session.get_one(Resident, contract.resident_id),
        "team": session.get_one(Team, contract.team_id),
        "unsigned": contract.evidence is Evidence.NONE,
        "labels": labels,
    }


def _try(form: Any, act: Any) -> Any:
    """What the act gives, saved; None where it was refused, which then stands in the form."""
    try:
        found = act()
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return None
    db.session.commit()
    return found


def _done(key: UUID, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("contracts.one", key=key))


def _form(template: str, form: Any, **context: Any) -> ResponseReturnValue:
    page = render_template(template, form=form, today=clock.today(), **context)
    return page, 422 if form.errors or form.form_errors else 200

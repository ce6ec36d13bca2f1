"""Contracts: signed, renewed, terminated, read and listed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.api import api, body, created, paging
from tracker.api.answer import wrong
from tracker.api.describe import takes
from tracker.api.sender import sender
from tracker.api.upload import uploaded
from tracker.domain.contract import ContractStatus
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.models import Contract
from tracker.problem import problem
from tracker.schemas.contract import ContractIn, RenewalIn, TerminationIn
from tracker.schemas.problem import Refused
from tracker.services.contract import contract as contracts
from tracker.services.contract import listing as contract_list
from tracker.services.contract.listing import Wanted
from tracker.words.problems import texts

READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)


@api.get("/contracts")
@roles(*READERS)
def list_contracts() -> ResponseReturnValue:
    part, today = paging(), clock.today()
    rows, total = contract_list.find(db.session(), g.scope, _wanted(), part.offset, part.per_page)
    found = [
        contract_list.brief(r.contract, r.team, today) | {"resident_id": str(r.resident.id)} for r in rows
    ]
    return jsonify(contracts=found, total=total, page=part.page)


def _wanted() -> Wanted:
    asked = request.args
    try:
        resident_id = UUID(asked["resident_id"]) if asked.get("resident_id") else None
    except ValueError:
        abort(wrong("resident_id", _("应是一个 UUID")))
    expiring, status = asked.get("status") == "expiring", None
    if asked.get("status") and not expiring:
        try:
            status = ContractStatus(asked["status"])
        except ValueError:
            abort(wrong("status", _("没有这个选项")))
    return Wanted(resident_id, asked.get("team", ""), asked.get("region", ""), status, expiring)


@api.get("/contracts/<uuid:key>")
@roles(*READERS)
def show_contract(key: UUID) -> ResponseReturnValue:
    return jsonify(_shown(my(Contract, key)))


@api.post("/contracts")
@roles(*CARE, upload=True)
@takes(ContractIn)
def sign_contract() -> ResponseReturnValue:
    try:
        with uploaded(ContractIn, "contract") as typed:
            signed = contracts.sign(db.session(), sender(), typed)
    except Refused as refusal:
        return _held(refusal)
    return _signed(*signed)


@api.post("/contracts/<uuid:key>/renewal")
@roles(*CARE)
@takes(RenewalIn)
def renew_contract(key: UUID) -> ResponseReturnValue:
    typed = body(RenewalIn)
    try:
        return _signed(*contracts.renew(db.session(), sender(), my(Contract, key), typed))
    except Refused as refusal:
        return _held(refusal)


@api.post("/contracts/<uuid:key>/termination")
@roles(*CARE)
@takes(TerminationIn)
def terminate_contract(key: UUID) -> ResponseReturnValue:
    contract, typed = my(Contract, key), body(TerminationIn)
    contracts.terminate(db.session(), sender(), contract, typed)
    db.session.commit()
    return jsonify(_shown(contract))


def _shown(contract: Contract) -> dict[str, Any]:
    return contract_list.show(db.session(), contract, clock.today())


def _signed(contract: Contract, new: bool) -> ResponseReturnValue:
    db.session.commit()
    shown = _shown(contract) if g.phone is None else {"id": str(contract.id)}
    return created(shown, url_for("api.show_contract", key=contract.id)) if new else jsonify(shown)


def _held(refusal: Refused) -> ResponseReturnValue:
    """An overlap names the holder in a field of its own, so that a program can offer to switch."""
    overlaps = [p for p in refusal.problems if p.code == "contract_overlap"]
    if not overlaps:
        raise refusal
    db.session.rollback()
    return problem(409, errors=texts(refusal.problems), holder=dict(overlaps[0].params))

"""Signing, renewing, completing, terminating and voiding contracts.

One team at a time (national opinion of 2018): the person's row is locked before anything is checked, and a
trigger of the database refuses what would overlap all the same.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.domain.contract import ContractKind, Evidence, Term, TerminationReason, occupied_until
from tracker.domain.roles import CARE, Role
from tracker.models import Contract, ContractPackage, Resident, Team
from tracker.models.base import Json
from tracker.schemas.contract import ContractIn, RenewalIn, SignatureIn, SignLaterIn, TerminationIn
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.contract import package
from tracker.services.contract import rules as contract_rules
from tracker.services.contract.rules import Departure
from tracker.services.course import course
from tracker.services.sender import Sender
from tracker.services.visit import repeat
from tracker.services.visit.rules import refuse_after_leaving
from tracker.services.workforce import scope

VOID_WITHIN = timedelta(hours=24)
"""How long who entered a contract may take it back."""


def sign(session: Session, sender: Sender, typed: ContractIn) -> tuple[Contract, bool]:
    """The contract, and whether it is a new one. Refused (conflict) where another one holds the person."""
    resident = _lock(session, sender, typed.resident_id)
    known = repeat.earlier(session, Contract, typed.id, typed)
    if known is not None:
        return known, False
    refuse_after_leaving(sender, typed.signed_on, "signed_on")
    team = contract_rules.team_named(session, resident, typed.team)
    span = contract_rules.first_term(typed.signed_on, typed.start_on, typed.years)
    before = contract_rules.predecessor(session, resident, span.start_on)
    kind = contract_rules.kind_of(before, team, span.start_on)
    contract = _new(typed, resident, team, span, sender)
    contract.kind = kind
    contract.predecessor_id = before.id if before is not None and kind is not ContractKind.FIRST else None
    _keep(session, sender, resident, contract, typed)
    return contract, True


def renew(session: Session, sender: Sender, old: Contract, typed: RenewalIn) -> tuple[Contract, bool]:
    """The contract that follows `old`, and whether it is a new one. Refused outside the window."""
    resident = _lock(session, sender, old.resident_id)
    known = repeat.earlier(session, Contract, typed.id, typed)
    if known is not None:
        return known, False
    if typed.resident_id not in (None, resident.id):
        raise refuse("resident_id", "not_found")
    if old.voided_at is not None or old.evidence is Evidence.NONE or old.terminated_on is not None:
        raise Refused(Problem("", "renewal_of_ended"), conflict=True)
    team = (
        session.get_one(Team, old.team_id)
        if typed.team is None
        else contract_rules.team_named(session, resident, typed.team)
    )
    span = contract_rules.following_term(old, typed.signed_on, typed.start_on, typed.years)
    contract = _new(typed, resident, team, span, sender)
    contract.kind, contract.predecessor_id = ContractKind.RENEWAL, old.id
    _keep(session, sender, resident, contract, typed)
    return contract, True


def _lock(session: Session, sender: Sender, resident_id: UUID) -> Resident:
    """The person's row, held until the transaction ends; NotFound where the sender may not write it."""
    course.lock_residents(session, [resident_id])
    if sender.staff.role not in CARE:
        raise scope.NotFound("resident")
    own = scope.scope_of(session, sender.staff, sender.entitled_on)
    return scope.find(session, own, Resident, resident_id)


def _new(
    typed: ContractIn | RenewalIn, resident: Resident, team: Team, span: Term, sender: Sender
) -> Contract:
    key = typed.id or uuid4()
    contract = Contract(
        id=key,
        number=f"{resident.county_code}-{typed.signed_on.year}-{key.hex[:12].upper()}",
        resident_id=resident.id,
        village_code=resident.village_code,
        team_id=team.id,
        years=typed.years,
        signed_on=typed.signed_on,
        start_on=span.start_on,
        end_on=span.end_on,
        body_hash=repeat.fingerprint(typed),
        created_at=sender.at,
        created_by=sender.staff.id,
    )
    _put_signature(contract, typed.signature)
    return contract


def _put_signature(contract: Contract, signature: SignatureIn) -> None:
    contract.evidence, contract.signed_by = signature.kind, signature.by
    contract.signature = signature.image
    unsigned = signature.kind is Evidence.NONE
    contract.occupied_until = None if unsigned else occupied_until(contract.end_on, None)


def _keep(
    session: Session, sender: Sender, resident: Resident, contract: Contract, typed: ContractIn | RenewalIn
) -> None:
    packages = package.by_codes(session, typed.packages)
    contract_rules.check_dates(session, resident, sender.today, contract.signed_on, contract.start_on)
    contract.village_code_at = scope.village_on(session, resident, contract.signed_on)
    departed = contract_rules.departure(session, resident, Term(contract.start_on, contract.end_on))
    if departed is not None:
        _leave(contract, *departed, sender.at)
    _insert(session, sender, resident, contract)
    session.add_all(ContractPackage(contract_id=contract.id, package_id=p.id) for p in packages)
    session.flush()
    _note_signing(session, sender, contract, departed, {"kind": str(contract.kind)})


def _insert(session: Session, sender: Sender, resident: Resident, contract: Contract) -> None:
    """Refused where the days are taken: by our own look first, by the database's trigger in any case."""
    span = Term(contract.start_on, contract.occupied_until or contract.end_on)
    if contract.occupied_until is not None:
        held = contract_rules.holder(session, resident, span)
        if held is not None:
            raise contract_rules.overlap(session, held, sender.today)
    try:
        with session.begin_nested():
            session.add(contract)
    except IntegrityError:
        held = contract_rules.holder(session, resident, span)
        if held is None:
            raise repeat.taken() from None
        raise contract_rules.overlap(session, held, sender.today) from None


def complete(session: Session, sender: Sender, contract: Contract, typed: SignLaterIn) -> Contract:
    """Add the signature that was missing: from now on the contract counts."""
    resident = _lock(session, sender, contract.resident_id)
    session.refresh(contract)
    if contract.evidence is not Evidence.NONE or contract.voided_at is not None:
        raise Refused(Problem("", "already_signed"), conflict=True)
    start_on = max(contract.start_on, typed.signed_on)
    span = contract_rules.first_term(typed.signed_on, start_on, contract.years)
    contract_rules.check_dates(session, resident, sender.today, typed.signed_on, span.start_on)
    departed = contract_rules.departure(session, resident, span)
    taken = span if departed is None else Term(span.start_on, departed[0])
    held = contract_rules.holder(session, resident, taken, but=contract)
    if held is not None:
        raise contract_rules.overlap(session, held, sender.today)
    contract.signed_on, contract.start_on, contract.end_on = typed.signed_on, span.start_on, span.end_on
    _put_signature(contract, typed.signature)
    if departed is not None:
        _leave(contract, *departed, sender.at)
    session.flush()
    _note_signing(session, sender, contract, departed, {"later": True})
    return contract


def terminate(session: Session, sender: Sender, contract: Contract, typed: TerminationIn) -> bool:
    """End a contract on a day, the last it occupies; False where the same was done before."""
    _lock(session, sender, contract.resident_id)
    session.refresh(contract)
    if contract.terminated_on is not None:
        if (contract.terminated_on, contract.termination_reason) == (typed.terminated_on, typed.reason):
            return False
        raise Refused(Problem("terminated_on", "already_terminated"), conflict=True)
    contract_rules.check_termination(contract, typed.terminated_on, sender.today)
    _end(contract, typed.terminated_on, typed.reason, typed.note.strip())
    session.flush()
    _note(session, sender, contract, "terminate contract", {"reason": str(typed.reason)})
    return True


def _end(contract: Contract, on: date, reason: TerminationReason, note: str = "") -> None:
    contract.terminated_on, contract.termination_reason = on, reason.value
    contract.termination_note = note
    contract.occupied_until = None if on < contract.start_on else occupied_until(contract.end_on, on)


def void(session: Session, sender: Sender, contract: Contract, reason: str) -> Contract:
    """Take back what should never have been: who entered it within 24 hours, anybody if it is unsigned,
    the commission at any time. The row stays to be seen. Voiding it again changes nothing."""
    course.lock_residents(session, [contract.resident_id])
    session.refresh(contract)
    if contract.voided_at is not None:
        return contract
    own = contract.created_by == sender.staff.id and sender.at - contract.created_at <= VOID_WITHIN
    unsigned = contract.evidence is Evidence.NONE and sender.staff.role in CARE
    if not (own or unsigned or sender.staff.role is Role.COMMISSION):
        raise Refused(Problem("", "void_too_late"), conflict=True)
    contract.voided_at, contract.occupied_until = sender.at, None
    session.flush()
    _note(session, sender, contract, "void contract", {}, why=reason.strip())
    return contract


def end_for_status(
    session: Session, resident: Resident, on: date, reason: TerminationReason, actor: Actor, at: datetime
) -> None:
    """End what a death or a move leaves without a person: the contract in force and those to come."""
    left = session.scalars(
        select(Contract).where(
            Contract.resident_id == resident.id, Contract.voided_at.is_(None), Contract.end_on >= on
        )
    ).all()
    for contract in left:
        if contract.terminated_on is not None and contract.terminated_on <= on:
            continue
        _leave(contract, on, reason, at)
        audit.record(
            session, actor, at, "terminate contract", "contract", contract.id,
            village_code=contract.village_code, details={"reason": str(reason)},
        )  # fmt: skip
    session.flush()


def _leave(contract: Contract, on: date, reason: TerminationReason, at: datetime) -> None:
    """Nobody is left to keep it: a signed contract ends, an unsigned one is taken back."""
    if contract.evidence is Evidence.NONE:
        contract.voided_at = at
    else:
        _end(contract, on, reason)


def _note_signing(
    session: Session, sender: Sender, contract: Contract, departed: Departure | None, details: Json
) -> None:
    _note(session, sender, contract, "sign contract", details)
    if departed is not None:
        _note(session, sender, contract, "terminate contract", {"reason": str(departed[1])})


def _note(
    session: Session, sender: Sender, contract: Contract, action: str, details: Json, why: str = ""
) -> None:
    audit.record(
        session, sender.actor, sender.at, action, "contract", contract.id,
        village_code=contract.village_code, reason=why, details=details,
    )  # fmt: skip

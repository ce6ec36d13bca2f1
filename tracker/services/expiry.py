"""Contracts that are about to end: the doctor and the lead are told 60, 30 and 7 days before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.domain.contract import Evidence
from tracker.domain.roles import Role
from tracker.models import Alert, AlertKind, Contract
from tracker.models.base import Json
from tracker.services import alert
from tracker.services.scope import in_force

STEPS = (60, 30, 7)
TOLD = (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)
JOB = "contract-expiry"


def scan(session: Session, day: date, at: datetime) -> Json:
    """Tell once per contract, step and reader; a second run for the same day writes nothing."""
    new = 0
    for step, nearer in zip(STEPS, (*STEPS[1:], -1), strict=True):
        for role in TOLD:
            new += _tell(session, role, step, nearer, day, at)
    _resolve(session, day, at)
    return {"job": JOB, "as_of": day.isoformat(), "new": new}


def _renewed() -> ColumnElement[bool]:
    """Another signed contract of the resident begins later."""
    successor = aliased(Contract)
    return (
        select(successor.id)
        .where(
            successor.resident_id == Contract.resident_id,
            successor.id != Contract.id,
            successor.start_on > Contract.start_on,
            successor.evidence != Evidence.NONE,
            successor.voided_at.is_(None),
        )
        .exists()
    )


def _tell(session: Session, role: Role, step: int, nearer: int, day: date, at: datetime) -> int:
    source = select(
        (literal(f"contract_expiry:{step}:{role}:") + cast(Contract.id, String(36))).label("key"),
        Contract.village_code.label("region_code"),
        Contract.team_id.label("team_id"),
        Contract.resident_id.label("resident_id"),
        Contract.id.label("subject_id"),
    ).where(
        in_force(day),
        Contract.terminated_on.is_(None),
        Contract.end_on <= day + timedelta(days=step),
        Contract.end_on > day + timedelta(days=nearer),
        ~_renewed(),
    )
    return alert.raise_from(
        session, source, kind=AlertKind.CONTRACT_EXPIRY, role=role, code="contract_expiry",
        params={"days": step}, on=day, at=at,
    )  # fmt: skip


def _resolve(session: Session, day: date, at: datetime) -> None:
    """Done with: the contract is over or renewed, or the same reader got a nearer warning."""
    later = aliased(Alert)
    superseded = (
        select(later.id)
        .where(
            later.resident_id == Alert.resident_id,
            later.subject_id == Alert.subject_id,
            later.role == Alert.role,
            later.raised_on > Alert.raised_on,
        )
        .exists()
    )
    standing = (
        select(Contract.id)
        .where(Contract.id == Alert.subject_id, in_force(day), Contract.terminated_on.is_(None), ~_renewed())
        .exists()
    )
    session.execute(
        update(Alert)
        .where(
            and_(Alert.kind == AlertKind.CONTRACT_EXPIRY, Alert.resolved_at.is_(None)),
            or_(~standing, superseded),
        )
        .values(resolved_at=at)
        .execution_options(synchronize_session=False)
    )

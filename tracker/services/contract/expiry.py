"""Contracts that are about to end: the doctor and the lead are told 60, 30 and 7 days before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)  # fmt: skip
from sqlalchemy.orm import Session, aliased

from tracker.domain.contract import Evidence
from tracker.domain.roles import Role
from tracker.models import Alert, AlertKind, Contract
from tracker.models.base import Json
from tracker.services import alert
from tracker.services.workforce.scope import in_force

STEPS = (7, 30, 60)
"""Days before the end, the nearest first."""
TOLD = (Role.VILLAGE_DOCTOR, Role.TEAM_LEAD)
JOB = "contract-expiry"
ALERT: Any = Alert.__table__
DAY = bindparam("asked_day", type_=Date)
AT = bindparam("asked_at", type_=Alert.raised_at.type)


def scan(session: Session, day: date, at: datetime) -> Json:
    """Tell once per contract, step and reader; a second run for the same day writes nothing."""
    until = {f"asked_until_{step}": day + timedelta(days=step) for step in STEPS}
    asked = {"asked_day": day, "asked_at": at, **until}
    connection = session.connection()
    new = connection.execute(_tell(connection.dialect.name), asked).rowcount
    connection.execute(_resolve(), asked)
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


def _ends_within(step: int) -> ColumnElement[bool]:
    return Contract.end_on <= bindparam(f"asked_until_{step}", type_=Date)


@cache
def _tell(dialect: str) -> Any:
    step = case(*((_ends_within(days), days) for days in STEPS))
    readers = union_all(*(_reader(role) for role in TOLD)).subquery("reader")
    source: Select[Any] = select(
        (
            literal("contract_expiry:") + cast(step, String(4)) + ":" + readers.c.role + ":"
            + cast(Contract.id, String(36))
        ).label("key"),
        readers.c.role,
        Contract.village_code.label("region_code"),
        Contract.team_id,
        Contract.resident_id,
        Contract.id.label("subject_id"),
        case(*((_ends_within(days), literal({"days": days}, JSON)) for days in STEPS)).label("params"),
    ).join(readers, true()).where(
        in_force(DAY), Contract.terminated_on.is_(None), _ends_within(max(STEPS)), ~_renewed()
    )  # fmt: skip
    return alert.raising(dialect, source, AlertKind.CONTRACT_EXPIRY, "contract_expiry", DAY, AT)


def _reader(role: Role) -> Select[Any]:
    return select(cast(literal(str(role)), String(24)).label("role"))


@cache
def _resolve() -> Any:
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
        .where(Contract.id == Alert.subject_id, in_force(DAY), Contract.terminated_on.is_(None), ~_renewed())
        .exists()
    )
    return (
        update(ALERT)
        .where(
            and_(Alert.kind == AlertKind.CONTRACT_EXPIRY, Alert.resolved_at.is_(None)),
            or_(~standing, superseded),
        )
        .values(resolved_at=AT)
    )

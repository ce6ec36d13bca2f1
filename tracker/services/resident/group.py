"""Key-population groups of people on a day: derived from age and registers, or entered from a day on.

Source: the national opinions of 2016 and 2018 on family-doctor contracts; a pregnancy ends 42 days after
delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, false, not_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.calendar import add_years
from tracker.domain.person import AFTER_DELIVERY, CHILD_BELOW, ELDERLY_FROM, ENTERED, Group, groups_by_age
from tracker.domain.terms import CLOSING, Disease
from tracker.models import Condition, Resident, ResidentGroup, StatusPeriod
from tracker.models.among import among
from tracker.schemas.resident import Pregnancy
from tracker.services.store.trip import Answers, Question
from tracker.services.workforce.scope import Day

OF_REGISTER = {Disease.HYPERTENSION: Group.HTN, Disease.DIABETES: Group.T2D}
BY_GROUP = {group: disease for disease, group in OF_REGISTER.items()}
PREGNANCY = timedelta(days=280)


def groups_on(
    session: Session, residents: Sequence[Resident | Row[Any]], day: date
) -> dict[UUID, list[Group]]:
    """Every group of these people on a day, in the national order; who is in none is GEN."""
    return groups_told(residents, day, Answers(session.connection(), questions(residents, day)))


def questions(residents: Sequence[Resident | Row[Any]], day: date) -> dict[str, Question]:
    """What `groups_told` has to know, to be asked together with more."""
    asked = {"ids": [r.id for r in residents], "day": day}
    return {"entered": (_entered(), asked), "registers": (_registers(), asked)}


def groups_told(
    residents: Sequence[Resident | Row[Any]], day: date, told: Mapping[str, Sequence[Any]]
) -> dict[UUID, list[Group]]:
    """As `groups_on`, by the answers to `questions`."""
    found = {r.id: set(groups_by_age(r.birth_date, day)) for r in residents}
    for resident_id, code in told["entered"]:
        if code in ENTERED:
            found[resident_id].add(Group(code))
    for resident_id, disease in told["registers"]:
        found[resident_id].add(OF_REGISTER[disease])
    return {key: [g for g in Group if g in groups] or [Group.GEN] for key, groups in found.items()}


DAY: BindParameter[Any] = bindparam("day")


@cache
def _entered() -> Select[UUID, str]:
    return select(ResidentGroup.resident_id, ResidentGroup.code).where(
        among(ResidentGroup.resident_id, "ids"), _holds(DAY)
    )


def _holds(day: Day) -> ColumnElement[bool]:
    return and_(ResidentGroup.from_on <= day, or_(ResidentGroup.to_on.is_(None), ResidentGroup.to_on >= day))


@cache
def _registers() -> Select[UUID, Disease]:
    return select(Condition.resident_id, Condition.disease).where(
        among(Condition.resident_id, "ids"), on_register(DAY)
    )


def on_register(day: Day) -> ColumnElement[bool]:
    """The criterion that a place on a register is held on a day: enrolled and not closed."""
    closed = select(StatusPeriod.id).where(
        StatusPeriod.condition_id == Condition.id,
        StatusPeriod.status.in_(sorted(CLOSING)),
        StatusPeriod.from_on <= day,
        or_(StatusPeriod.to_on.is_(None), StatusPeriod.to_on > day),
    )
    return and_(Condition.enrolled_on <= day, not_(closed.exists()))


def in_group(group: Group, day: date) -> ColumnElement[bool]:
    """The criterion that a resident is in a group on a day."""
    if group is Group.GEN:
        return and_(*(not_(in_group(other, day)) for other in Group if other is not Group.GEN))
    if group is Group.ELD:
        return Resident.birth_date <= add_years(day, -ELDERLY_FROM)
    if group is Group.CH6:
        return Resident.birth_date > add_years(day, -CHILD_BELOW)
    if group in BY_GROUP:
        held = select(Condition.resident_id).where(Condition.disease == BY_GROUP[group], on_register(day))
        return Resident.id.in_(held)
    if group not in ENTERED:
        return false()
    return Resident.id.in_(select(ResidentGroup.resident_id).where(ResidentGroup.code == group, _holds(day)))


def entered(session: Session, resident: Resident, on: date) -> Sequence[ResidentGroup]:
    """The groups that were entered for a person and hold on a day."""
    return session.scalars(
        select(ResidentGroup).where(ResidentGroup.resident_id == resident.id, _holds(on))
    ).all()


def enter(
    session: Session,
    resident: Resident,
    groups: Iterable[Group],
    pregnancy: Pregnancy | None,
    since: date,
    on: date,
) -> None:
    """Make the entered groups those given: new ones hold from `since`, dropped ones end before `on`."""
    wanted = {g for g in groups if g in ENTERED}
    held = entered(session, resident, on)
    for row in held:
        if row.code not in wanted:
            row.to_on = on - timedelta(days=1)
        elif row.code == Group.PRG and pregnancy is not None:
            _date_pregnancy(row, pregnancy, on)
    for code in sorted(wanted - {Group(row.code) for row in held}):
        row = ResidentGroup(
            resident_id=resident.id, village_code=resident.village_code, code=code, from_on=since, details={}
        )
        if code is Group.PRG:
            _date_pregnancy(row, pregnancy or Pregnancy(), on)
        session.add(row)


def _date_pregnancy(row: ResidentGroup, pregnancy: Pregnancy, on: date) -> None:
    """From the last period (or 280 days before delivery) to 42 days after delivery, expected or actual."""
    delivery = pregnancy.delivered_on or pregnancy.edd
    if delivery is None and pregnancy.lmp is not None:
        delivery = pregnancy.lmp + PREGNANCY
    row.from_on = pregnancy.lmp or ((delivery or on) - PREGNANCY)
    row.to_on = None if delivery is None else delivery + AFTER_DELIVERY
    row.details = pregnancy.model_dump(mode="json", exclude_none=True)

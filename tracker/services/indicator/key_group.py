"""重点人群签约率: by group, and by distinct person over the groups of the national key set."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, literal, or_, select, union

from tracker.domain.calendar import add_years
from tracker.domain.indicator import ANY_KEY_GROUP, Period
from tracker.domain.person import CHILD_BELOW, ELDERLY_FROM, ENTERED, KEY_SET, Group
from tracker.models import Condition, Contract, Residence, Resident, ResidentGroup
from tracker.services.indicator.area import EVERYWHERE, Area
from tracker.services.indicator.case import Cases, flag, here, lives_here
from tracker.services.indicator.contract import holds
from tracker.services.resident.group import OF_REGISTER, on_register


def cases(period: Period, area: Area = EVERYWHERE) -> Cases:
    """One case for each person and group (and ANY) who lives here on the last day; a valid contract hits."""
    day = period.end
    member = _members(period, area).cte("member")
    any_key = (
        select(member.c.resident_id, literal(ANY_KEY_GROUP).label("grp"))
        .where(member.c.grp.in_([str(group) for group in KEY_SET]))
        .distinct()
    )
    of = select(member.c.resident_id, member.c.grp).union_all(any_key).subquery()
    return (
        select(
            of.c.resident_id,
            Residence.village_code.label("village"),
            of.c.grp,
            flag(Contract.id.is_not(None)).label("hit"),
        )
        .select_from(of)
        .join(Residence, lives_here(of.c.resident_id, day))
        .outerjoin(Contract, holds(of.c.resident_id, period))
        .where(here(of.c.resident_id, day))
    )


def _members(period: Period, area: Area) -> Any:
    """Pairs of person and group on the last day, each once."""
    day = period.end
    own = area.rows(Resident.village_code, Resident.id)
    elderly = _named(Group.ELD, own, Resident.birth_date <= add_years(day, -ELDERLY_FROM))
    children = _named(
        Group.CH6, own, Resident.birth_date > add_years(day, -CHILD_BELOW), Resident.birth_date <= day
    )
    registers = [
        select(Condition.resident_id, literal(str(group)).label("grp")).where(
            area.rows(Condition.village_code, Condition.resident_id),
            Condition.disease == disease,
            on_register(day),
        )
        for disease, group in OF_REGISTER.items()
    ]
    entered = select(ResidentGroup.resident_id, cast(ResidentGroup.code, String).label("grp")).where(
        area.rows(ResidentGroup.village_code, ResidentGroup.resident_id),
        ResidentGroup.code.in_([str(group) for group in ENTERED]),
        ResidentGroup.from_on <= day,
        or_(ResidentGroup.to_on.is_(None), ResidentGroup.to_on >= day),
    )
    return union(elderly, children, *registers, entered)


def _named(group: Group, *criteria: Any) -> Any:
    return select(Resident.id.label("resident_id"), literal(str(group)).label("grp")).where(*criteria)

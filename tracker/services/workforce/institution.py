"""Hospitals, branches and clinics, attached to a region; a village may have none, one or several."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import CountyGroup, Institution, InstitutionKind
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.workforce import region
from tracker.services.workforce.scope import Scope

COLUMNS = ("name", "kind", "region_code")
"""Needed of a file; `parent`, `county_group`, `licence_no` and `phone` may be there too."""


@dataclass(frozen=True, slots=True)
class NewInstitution:
    name: str
    kind: InstitutionKind
    region_code: str
    parent: str = ""
    county_group: str = ""
    licence_no: str = ""
    phone: str = ""


def add(session: Session, actor: Actor, at: datetime, new: NewInstitution) -> Institution:
    """Add an institution; its name is unique in its region."""
    if not new.name.strip():
        raise refuse("name", "name_needed")
    region.get(session, new.region_code, field="region_code")
    if _same(session, new) is not None:
        raise refuse("name", "institution_taken")
    row = Institution(name=new.name.strip(), kind=new.kind, region_code=new.region_code)
    _fill(session, row, new)
    session.add(row)
    session.flush()
    audit.record(session, actor, at, "add institution", "institution", row.id, village_code=new.region_code)
    return row


def import_csv(session: Session, actor: Actor, at: datetime, text: str) -> tuple[int, int]:
    """Bring in a list, parents first; how many are new and how many were there."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise refuse("", "csv_columns", columns=", ".join(missing))
    added = there = 0
    for row in reader:
        new = _parsed({key: (value or "").strip() for key, value in row.items() if key}, reader.line_num)
        stored = _same(session, new)
        if stored is None:
            add(session, actor, at, new)
            added += 1
        else:
            _fill(session, stored, new)
            there += 1
    return added, there


def _parsed(row: dict[str, str], line: int) -> NewInstitution:
    if row["kind"] not in list(InstitutionKind):
        raise Refused(Problem("", "region_row", {"line": line, "reason": f"kind {row['kind']}"}))
    optional = {key: row.get(key, "") for key in ("parent", "county_group", "licence_no", "phone")}
    return NewInstitution(row["name"], InstitutionKind(row["kind"]), row["region_code"], **optional)


def _same(session: Session, new: NewInstitution) -> Institution | None:
    return session.scalars(
        select(Institution).where(
            Institution.region_code == new.region_code, Institution.name == new.name.strip()
        )
    ).one_or_none()


def _fill(session: Session, row: Institution, new: NewInstitution) -> None:
    row.licence_no, row.phone = new.licence_no, new.phone
    if new.parent:
        row.parent_id = _parent(session, new).id
    if new.county_group:
        row.county_group_id = _group(session, region.county_of(new.region_code), new.county_group).id


def _parent(session: Session, new: NewInstitution) -> Institution:
    county = region.county_of(new.region_code)
    found = session.scalars(
        select(Institution).where(
            Institution.name == new.parent, Institution.region_code.startswith(county, autoescape=True)
        )
    ).first()
    if found is None:
        raise refuse("parent", "institution_unknown")
    return found


def _group(session: Session, county_code: str, name: str) -> CountyGroup:
    found = session.scalars(
        select(CountyGroup).where(CountyGroup.county_code == county_code, CountyGroup.name == name)
    ).one_or_none()
    if found is None:
        region.get(session, county_code, field="county_group")
        found = CountyGroup(county_code=county_code, name=name)
        session.add(found)
        session.flush()
    return found


def listed(session: Session, scope: Scope) -> Sequence[Institution]:
    """The institutions in a scope's regions."""
    query = select(Institution).order_by(Institution.region_code, Institution.name)
    if scope.regions or scope.role is not Role.SYSADMIN:
        inside = [Institution.region_code.startswith(code, autoescape=True) for code in scope.regions]
        query = query.where(or_(Institution.region_code.in_(sorted(scope.villages)), *inside))
    return session.scalars(query).all()

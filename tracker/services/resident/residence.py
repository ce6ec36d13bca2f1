"""Where a person lives: the first residence, moves, leaving and coming back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models import Base, Change, Condition, Region, Residence, Resident
from tracker.models.region import Level
from tracker.schemas.problem import refuse
from tracker.services.resident.identity import paperless_key
from tracker.services.sender import Sender

STAYS = frozenset({"residence", "change"})
"""Tables whose village is history: where the person was then."""


def begin(session: Session, resident: Resident) -> None:
    """The first residence: from birth on, until something else is known."""
    session.add(
        Residence(resident_id=resident.id, village_code=resident.village_code, from_on=resident.birth_date)
    )


def end(session: Session, resident: Resident, on: date) -> None:
    """From this day on the person lives here no longer."""
    last = latest(session, resident)
    if last is not None and (last.to_on is None or last.to_on > on):
        last.to_on = max(on, last.from_on)


def reopen(session: Session, resident: Resident, on: date) -> None:
    """The person is back, in the village of the record."""
    last = latest(session, resident)
    if last is None or last.to_on is None:
        return
    if last.village_code == resident.village_code and on <= last.to_on:
        last.to_on = None
        return
    start = max(on, last.from_on)
    if start == last.from_on:
        last.to_on, last.village_code = None, resident.village_code
        return
    session.add(Residence(resident_id=resident.id, village_code=resident.village_code, from_on=start))


def latest(session: Session, resident: Resident) -> Residence | None:
    return session.scalars(
        select(Residence)
        .where(Residence.resident_id == resident.id)
        .order_by(Residence.from_on.desc())
        .limit(1)
    ).first()


def is_village(session: Session, code: str) -> bool:
    region = session.get(Region, code)
    return region is not None and region.level is Level.VILLAGE


def move(session: Session, sender: Sender, resident: Resident, village_code: str, on: date) -> None:
    """Live in another village of the county from `on`; the whole record goes along.

    Refused for a place that is no village of the county. Call it holding the resident's lock.
    """
    if not village_code.startswith(resident.county_code) or not is_village(session, village_code):
        raise refuse("region_code", "no_village")
    old = resident.village_code
    if old == village_code:
        return
    session.flush()
    _change_residence(session, resident, village_code, on)
    for table in Base.metadata.sorted_tables:
        if {"village_code", "resident_id"} <= set(table.c.keys()) and table.name not in STAYS:
            session.execute(
                update(table).where(table.c.resident_id == resident.id).values(village_code=village_code)
            )
    resident.village_code = village_code
    if resident.id_number is None:
        resident.identity_key = paperless_key(
            resident.name, resident.sex, resident.birth_date, village_code, resident.guardian_id
        )
    _note_change(session, sender, resident, old)
    session.flush()
    session.expire_all()


def _change_residence(session: Session, resident: Resident, village_code: str, on: date) -> None:
    last = latest(session, resident)
    if last is not None and last.from_on >= on:
        last.village_code = village_code
        return
    if last is not None and (last.to_on is None or last.to_on > on):
        last.to_on = on
    session.add(Residence(resident_id=resident.id, village_code=village_code, from_on=on))


def _note_change(session: Session, sender: Sender, resident: Resident, old: str) -> None:
    """Summaries by village learn of the move, once for each register."""
    diseases = session.scalars(select(Condition.disease).where(Condition.resident_id == resident.id)).all()
    for disease in diseases or ("",):
        session.add(
            Change(
                at=sender.at,
                resident_id=resident.id,
                village_code=resident.village_code,
                disease=str(disease),
                before={"village": old},
                after={"village": resident.village_code},
            )
        )

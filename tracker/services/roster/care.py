"""What a roster row adds to a person's care: registers, past visits, the contract on paper, a death.

A past visit has no mode: it is the baseline of the course and counts in no rate. Registers begin with it;
the day of diagnosis is kept apart.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from tracker.domain.calendar import add_years
from tracker.domain.contract import TERMS, ContractKind, Term, kind_after
from tracker.domain.headers import Column
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit
from tracker.domain.terms import Disease
from tracker.services.roster.draft import Draft, Enrolment, Setting, Signing

DAY = timedelta(days=1)
COLUMNS = {Disease.HYPERTENSION: Column.HYPERTENSION_ON, Disease.DIABETES: Column.DIABETES_ON}


def add_care(made: Draft, setting: Setting) -> None:
    """Decide on all of it; for somebody who is gone on file only what is there already is passed over."""
    row = made.row
    if row.hypertension or row.diabetes:
        _add_enrolments(made, setting)
    if row.visits:
        _add_visits(made)
    if row.contract is not None:
        _add_contract(made, row.contract, setting)
    if made.record is not None and made.record.gone:
        if made.enrolments or made.visits or made.contract:
            made.note(Column.NAME, row.name, Reason.GONE_ON_FILE)
        made.enrolments, made.visits, made.contract = [], [], None
    if row.deceased:
        _report_death(made)


def _report_death(made: Draft) -> None:
    record = made.record
    if record is None or not record.was_dead:
        made.dies = record is None or not record.gone
    elif not record.gone and not record.death_waits:
        made.note(Column.NAME, made.row.name, Reason.ALIVE_ON_FILE)


def _add_enrolments(made: Draft, setting: Setting) -> None:
    row, known = made.row, {} if made.record is None else made.record.conditions
    for disease, named, diagnosed in (
        (Disease.HYPERTENSION, row.hypertension, row.hypertension_on),
        (Disease.DIABETES, row.diabetes, row.diabetes_on),
    ):
        if named and disease not in known:
            first = baseline(row, disease)
            enrolled_on = setting.today if first is None else first.on
            made.enrolments.append(Enrolment(disease, enrolled_on, diagnosed))
        elif named and diagnosed is not None:
            _compare(made, known[disease], diagnosed)


def _compare(made: Draft, condition: Any, diagnosed: date) -> None:
    if condition.diagnosed_on is None:
        made.diagnosed[condition.id] = diagnosed
    elif condition.diagnosed_on != diagnosed:
        column, kept = COLUMNS[condition.disease], condition.diagnosed_on.isoformat()
        if made.row.header is not None and made.row.header.first(column) is None:
            column = Column.DIAGNOSED_ON
        made.note(column, diagnosed.isoformat(), Reason.DIAGNOSED_ON_FILE, on=kept)


def baseline(row: RosterRow, disease: Disease) -> RosterVisit | None:
    """The last visit with the disease's reading, else the last one."""
    read = [visit for visit in row.visits if (visit.sbp if disease is Disease.HYPERTENSION else visit.fpg)]
    return read[-1] if read else row.last_visit


def _add_visits(made: Draft) -> None:
    row = made.row
    wanted = {visit.on: visit for d in Disease if (visit := baseline(row, d))}
    if row.last_visit:
        wanted[row.last_visit.on] = row.last_visit
    for on in sorted(wanted):
        known = [] if made.record is None else made.record.visits.get(on, [])
        if not known:
            made.visits.append(wanted[on])
        elif not _stands(wanted[on], known):
            made.note(Column.VISITED_ON, on.isoformat(), Reason.VISIT_ON_FILE, on=on.isoformat())


def _stands(told: RosterVisit, known: list[Any]) -> bool:
    """Whether it is on file as told, or came by a roster before and was taken back."""
    key = visit_key(known[0].resident_id, told.on)
    return any((visit.id == key and visit.voided_at) or _agrees(told, visit) for visit in known)


def visit_key(resident_id: UUID, on: date) -> UUID:
    """The same for every roster that tells of a visit on this day."""
    return uuid5(resident_id, f"roster visit {on}")


def _agrees(told: RosterVisit, kept: Any) -> bool:
    fpg = None if told.fpg is None else float(told.fpg)
    pairs = ((told.sbp, kept.sbp), (told.dbp, kept.dbp), (fpg, kept.fpg))
    return all(said is None or said == stored for said, stored in pairs)


def _add_contract(made: Draft, term: Term, setting: Setting) -> None:
    known = [] if made.record is None else made.record.contracts
    if any((c.start_on, c.end_on) == (term.start_on, term.end_on) for c in known):
        _note_term(made, term)
        return
    signed = term.start_on.isoformat()
    cover = setting.county.team_of(made.village_code, term.start_on, setting.today)
    held = next((c for c in known if _overlaps(c, term)), None)
    if term.start_on < made.row.birth_date:
        made.note(Column.SIGNED_ON, signed, Reason.CONTRACT_BEFORE_BIRTH)
    elif held is not None:
        team = setting.county.teams.get(held.team_id, "—")
        end = (held.occupied_until or held.end_on).isoformat()
        made.note(Column.SIGNED_ON, signed, Reason.CONTRACT_OVERLAPS, team=team, end=end)
    elif cover is None:
        made.note(Column.SIGNED_ON, signed, Reason.CONTRACT_WITHOUT_TEAM)
    else:
        made.contract = _signing(term, cover.team_id, known)
        _note_term(made, term)


def _note_term(made: Draft, term: Term) -> None:
    if not _whole(term.start_on, term.end_on):
        made.note(Column.ENDS_ON, term.end_on.isoformat(), Reason.CONTRACT_TERM)


@lru_cache(maxsize=20_000)
def _whole(start_on: date, end_on: date) -> bool:
    return add_years(start_on, years_of(start_on, end_on)) - DAY == end_on


@lru_cache(maxsize=20_000)
def years_of(start_on: date, end_on: date) -> int:
    """For how many years it was signed: a legacy term may end a day late or with the calendar year."""
    return next((years for years in TERMS if end_on <= add_years(start_on, years)), max(TERMS))


def _overlaps(contract: Any, term: Term) -> bool:
    until = contract.occupied_until
    return until is not None and until >= term.start_on and contract.start_on <= term.end_on


def _signing(term: Term, team_id: UUID, known: list[Any]) -> Signing:
    ended = [c for c in known if c.occupied_until is not None and c.occupied_until < term.start_on]
    before = max(ended, key=lambda c: c.occupied_until or date.min, default=None)
    kind = kind_after(before.occupied_until if before else None, term.start_on, switched=False)
    follows = before.id if before and kind is not ContractKind.FIRST else None
    return Signing(term, team_id, kind, follows)

"""What a roster row adds to a person's care: registers, past visits, the contract on paper, a death.

A past visit has no mode: it is the baseline of the course and counts in no rate. Registers begin with it;
the day of diagnosis is kept apart.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4, uuid5

from tracker.domain.calendar import add_years
from tracker.domain.contract import TERMS, ContractKind, Evidence, Signer, Term, kind_after
from tracker.domain.facts import fasting_glucose, measured
from tracker.domain.headers import Column
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterRow, RosterVisit
from tracker.domain.terms import Disease, Status
from tracker.models import Condition, Contract, Visit, VisitSource
from tracker.schemas.visit import VisitIn
from tracker.services.bulk import apart
from tracker.services.roster_draft import SOURCE, Draft, Setting

DAY = timedelta(days=1)
COLUMNS = {Disease.HYPERTENSION: Column.HYPERTENSION_ON, Disease.DIABETES: Column.DIABETES_ON}


def add_care(made: Draft, setting: Setting) -> None:
    """Decide on all of it; for somebody who is gone on file only what is there already is passed over."""
    _add_conditions(made, setting)
    _add_visits(made, setting)
    _add_contract(made, setting)
    if made.record is not None and made.record.gone:
        if made.conditions or made.visits or made.contract:
            made.note(Column.NAME, made.row.name, Reason.GONE_ON_FILE)
        made.conditions, made.visits, made.contract = [], [], None
    if made.row.deceased:
        _report_death(made)


def _report_death(made: Draft) -> None:
    record = made.record
    if record is None or not record.was_dead:
        made.dies = record is None or not record.gone
    elif not record.gone and not record.death_waits:
        made.note(Column.NAME, made.row.name, Reason.ALIVE_ON_FILE)


def _add_conditions(made: Draft, setting: Setting) -> None:
    row, known = made.row, {} if made.record is None else made.record.conditions
    for disease, named, diagnosed in (
        (Disease.HYPERTENSION, row.hypertension, row.hypertension_on),
        (Disease.DIABETES, row.diabetes, row.diabetes_on),
    ):
        if named and disease not in known:
            made.conditions.append(_condition(made, setting, disease, diagnosed))
        elif named and diagnosed is not None:
            _compare(made, known[disease], diagnosed)


def _compare(made: Draft, condition: Condition, diagnosed: date) -> None:
    if condition.diagnosed_on is None:
        made.diagnosed[condition.id] = diagnosed
    elif condition.diagnosed_on != diagnosed:
        column, kept = COLUMNS[condition.disease], condition.diagnosed_on.isoformat()
        if made.row.header is not None and made.row.header.first(column) is None:
            column = Column.DIAGNOSED_ON
        made.note(column, diagnosed.isoformat(), Reason.DIAGNOSED_ON_FILE, on=kept)


def _condition(made: Draft, setting: Setting, disease: Disease, diagnosed: date | None) -> Condition:
    first = baseline(made.row, disease)
    return apart(
        Condition,
        id=uuid4(),
        resident_id=made.resident.id,
        village_code=made.resident.village_code,
        disease=disease,
        diagnosed_on=diagnosed,
        enrolled_on=setting.today if first is None else first.on,
        source=SOURCE,
        status=Status.ACTIVE,
        created_at=setting.at,
        created_by=setting.staff_id,
    )


def baseline(row: RosterRow, disease: Disease) -> RosterVisit | None:
    """The last visit with the disease's reading, else the last one."""
    read = [visit for visit in row.visits if (visit.sbp if disease is Disease.HYPERTENSION else visit.fpg)]
    return read[-1] if read else row.last_visit


def _add_visits(made: Draft, setting: Setting) -> None:
    row = made.row
    wanted = {visit.on: visit for d in Disease if (visit := baseline(row, d))}
    if row.last_visit:
        wanted[row.last_visit.on] = row.last_visit
    for on in sorted(wanted):
        key = uuid5(made.resident.id, f"roster visit {on}")
        known = [] if made.record is None else made.record.visits.get(on, [])
        if not known:
            made.visits.append(_visit(made, setting, wanted[on], key))
        elif not any(visit.id == key and visit.voided_at for visit in known) and not any(
            _agrees(wanted[on], visit) for visit in known
        ):
            made.note(Column.VISITED_ON, on.isoformat(), Reason.VISIT_ON_FILE, on=on.isoformat())


def _agrees(told: RosterVisit, kept: Visit) -> bool:
    fpg = None if told.fpg is None else float(told.fpg)
    pairs = ((told.sbp, kept.sbp), (told.dbp, kept.dbp), (fpg, kept.fpg))
    return all(said is None or said == stored for said, stored in pairs)


def _visit(made: Draft, setting: Setting, told: RosterVisit, key: Any) -> Visit:
    body = _body(made, setting.at, told, key)
    sbp, dbp = measured(body)
    return apart(
        Visit,
        id=key,
        resident_id=made.resident.id,
        village_code=made.resident.village_code,
        village_code_at=made.resident.village_code,
        version=1,
        source=VisitSource.IMPORT,
        visit_date=told.on,
        mode=None,
        recorded_at=setting.at,
        received_at=setting.at,
        body=body,
        sbp=sbp,
        dbp=dbp,
        fpg=fasting_glucose(body),
    )


def _body(made: Draft, at: datetime, told: RosterVisit, key: Any) -> dict[str, Any]:
    """The visit as any other way in produces it; a block for each register that it belongs to."""
    held = {c.disease: c for c in made.conditions}
    if made.record is not None:
        held |= made.record.conditions
    blocks: dict[str, dict[str, Any]] = {
        disease.value: {"symptoms": []} for disease, c in held.items() if c.enrolled_on <= told.on
    }
    if told.fpg is not None:
        blocks.setdefault(Disease.DIABETES.value, {"symptoms": []})["fpg"] = float(told.fpg)
    sent: dict[str, Any] = {
        "id": str(key),
        "resident_id": str(made.resident.id),
        "visit_date": told.on.isoformat(),
        "mode": None,
        "recorded_at": at.isoformat(),
        "emergency_signs": None,
        **blocks,
    }
    if told.sbp is not None and told.dbp is not None:
        sent |= {"sbp": told.sbp, "dbp": told.dbp}
    return VisitIn.model_validate(sent).body()


def _add_contract(made: Draft, setting: Setting) -> None:
    term = made.row.contract
    known = [] if made.record is None else made.record.contracts
    if term is None:
        return
    if any((c.start_on, c.end_on) == (term.start_on, term.end_on) for c in known):
        _note_term(made, term)
        return
    signed = term.start_on.isoformat()
    cover = setting.county.team_of(made.resident.village_code, term.start_on, setting.today)
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
        made.contract = _contract(made, setting, term, cover.team_id, known)
        _note_term(made, term)


def _note_term(made: Draft, term: Term) -> None:
    if add_years(term.start_on, years_of(term)) - DAY != term.end_on:
        made.note(Column.ENDS_ON, term.end_on.isoformat(), Reason.CONTRACT_TERM)


def years_of(term: Term) -> int:
    """For how many years it was signed: a legacy term may end a day late or with the calendar year."""
    return next((years for years in TERMS if term.end_on <= add_years(term.start_on, years)), max(TERMS))


def _overlaps(contract: Contract, term: Term) -> bool:
    until = contract.occupied_until
    return until is not None and until >= term.start_on and contract.start_on <= term.end_on


def _contract(made: Draft, setting: Setting, term: Term, team_id: Any, known: list[Contract]) -> Contract:
    key = uuid4()
    ended = [c for c in known if c.occupied_until is not None and c.occupied_until < term.start_on]
    before = max(ended, key=lambda c: c.occupied_until or date.min, default=None)
    kind = kind_after(before.occupied_until if before else None, term.start_on, switched=False)
    return apart(
        Contract,
        id=key,
        number=f"{setting.county.code}-{term.start_on.year}-{key.hex[:12].upper()}",
        resident_id=made.resident.id,
        village_code=made.resident.village_code,
        village_code_at=made.resident.village_code,
        team_id=team_id,
        kind=kind,
        predecessor_id=before.id if before and kind is not ContractKind.FIRST else None,
        years=years_of(term),
        signed_on=term.start_on,
        start_on=term.start_on,
        end_on=term.end_on,
        evidence=Evidence.PAPER,
        signed_by=Signer.RESIDENT,
        occupied_until=term.end_on,
        source=SOURCE,
        created_at=setting.at,
        created_by=setting.staff_id,
    )

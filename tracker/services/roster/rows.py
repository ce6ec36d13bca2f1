"""The rows of all tables that drafts of a roster become; people on file get only what they lack."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tracker.domain.contract import Evidence, Signer
from tracker.domain.person import Group
from tracker.domain.terms import Status
from tracker.models import (
    Condition,
    Contract,
    ContractPackage,
    Residence,
    Resident,
    ResidentGroup,
    ResidentInitials,
    ResidentPhone,
    Visit,
    VisitVersion,
)
from tracker.services.course.bulk import rows_of_new
from tracker.services.course.history import History
from tracker.services.resident.group import PREGNANCY
from tracker.services.resident.identity import phone_key, phone_tail_key, tail_key
from tracker.services.resident.initials import initials_of
from tracker.services.roster.care import years_of
from tracker.services.roster.draft import Draft, Setting
from tracker.services.roster.visit import visit_of
from tracker.services.store.bulk import Bulk, apart

SOURCE = "import"


def fill(bulk: Bulk, drafts: Iterable[Draft], setting: Setting) -> None:
    """Every row of these people; who is new and stays gets what follows from their history along with it."""
    histories, objects = [], []
    for made in drafts:
        groups, conditions = _groups(made, setting), _conditions(made, setting)
        visits = [visit_of(made, setting, told, conditions) for told in made.visits]
        if made.new:
            _put_person(bulk, made, setting)
            if conditions and not made.dies:
                person = apart(
                    Resident, id=made.key, birth_date=made.row.birth_date, village_code=made.village_code
                )
                pregnancies = [group for group in groups if group.code == Group.PRG]
                histories.append(History(person, conditions, visits, pregnancies=pregnancies))
        _put_phones(bulk, made, setting)
        if made.contract is not None:
            _put_contract(bulk, made, setting)
        objects += [*groups, *conditions, *visits]
        for visit in visits:
            _put_version(bulk, visit, setting)
    bulk.add_rows(rows_of_new(histories, setting.at))
    bulk.add(objects)  # the replay has told the registers how they stand


def _put_person(bulk: Bulk, made: Draft, setting: Setting) -> None:
    row, key, village_code = made.row, made.key, made.village_code
    bulk.put(
        Resident,
        id=key,
        county_code=setting.county.code,
        village_code=village_code,
        archive_no=made.archive_number,
        name=row.name,
        sex=row.sex,
        birth_date=row.birth_date,
        id_number=row.id_number,
        identity_key=made.keys.own,
        id_tail=None if row.id_number is None else tail_key(row.id_number),
        no_id_reason=(row.no_id_reason[:200] or "—") if row.id_number is None else None,
        registered=row.registered is not False,
        address=row.address,
        ethnicity=(row.ethnic or "")[:40],
        note=(row.note or "")[:500],
        source=SOURCE,
        created_at=setting.at,
        created_by=setting.staff_id,
    )
    bulk.put(
        Residence, id=next(setting.ids), resident_id=key, village_code=village_code, from_on=row.birth_date
    )
    for initials in _initials(row.name):
        bulk.put(ResidentInitials, resident_id=key, initials=initials, village_code=village_code)


@lru_cache(maxsize=4_000)
def _initials(name: str) -> tuple[str, ...]:
    return tuple(sorted(initials_of(name)))


def _put_phones(bulk: Bulk, made: Draft, setting: Setting) -> None:
    first = 0 if made.record is None else len(made.record.phones)
    for position, phone in enumerate(made.phones, first):
        bulk.put(
            ResidentPhone,
            id=next(setting.ids),
            resident_id=made.key,
            village_code=made.village_code,
            position=position,
            number=phone.number,
            number_key=phone_key(phone.number),
            tail_key=phone_tail_key(phone.number),
            note=phone.remark[:40],
        )


def _put_contract(bulk: Bulk, made: Draft, setting: Setting) -> None:
    key, signing = next(setting.ids), made.contract
    assert signing is not None  # noqa: S101  asked before
    term, package_id = signing.term, setting.county.package_id
    bulk.put(
        Contract,
        id=key,
        number=f"{setting.county.code}-{term.start_on.year}-{key.hex[-12:].upper()}",
        resident_id=made.key,
        village_code=made.village_code,
        village_code_at=made.village_code,
        team_id=signing.team_id,
        kind=signing.kind,
        predecessor_id=signing.predecessor_id,
        years=years_of(term.start_on, term.end_on),
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
    if package_id is not None:
        bulk.put(ContractPackage, contract_id=key, package_id=package_id)


def _groups(made: Draft, setting: Setting) -> list[ResidentGroup]:
    """Of a new person since birth; a pregnancy without dates is taken as one of the last 280 days."""
    born, today = made.row.birth_date, setting.today
    since = born if made.new else today
    return [
        apart(
            ResidentGroup,
            id=next(setting.ids),
            resident_id=made.key,
            village_code=made.village_code,
            code=str(code),
            from_on=max(today - PREGNANCY, born) if code is Group.PRG else since,
            to_on=None,
            details={},
        )
        for code in made.groups
    ]


def _conditions(made: Draft, setting: Setting) -> list[Condition]:
    return [
        apart(
            Condition,
            id=next(setting.ids),
            resident_id=made.key,
            village_code=made.village_code,
            disease=enrolment.disease,
            diagnosed_on=enrolment.diagnosed_on,
            enrolled_on=enrolment.enrolled_on,
            source=SOURCE,
            status=Status.ACTIVE,
            created_at=setting.at,
            created_by=setting.staff_id,
        )
        for enrolment in made.enrolments
    ]


def _put_version(bulk: Bulk, visit: Visit, setting: Setting) -> None:
    bulk.put(
        VisitVersion,
        visit_id=visit.id,
        version=1,
        kind="original",
        body=visit.body,
        received_at=setting.at,
        staff_id=setting.staff_id,
    )

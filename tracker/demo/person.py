"""A made-up person as stored: the resident, home, phones, initials to find them by, entered groups.

Citizen numbers follow GB 11643-1999 with an area code (999xxx) that no place has.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from tracker.demo.batch import Made
from tracker.demo.crew import Practice, opened_at, phone
from tracker.demo.household import Person
from tracker.demo.places import Plan
from tracker.demo.record import Record
from tracker.domain.calendar import add_months
from tracker.domain.identity import check_digit
from tracker.domain.person import AFTER_DELIVERY, Group, Sex
from tracker.models import (
    Residence,
    Resident,
    ResidentGroup,
    ResidentInitials,
    ResidentPhone,
)
from tracker.services.course.history import History
from tracker.services.resident.identity import (
    document_key,
    paperless_key,
    phone_key,
    phone_tail_key,
    tail_key,
)
from tracker.services.resident.initials import initials_of

SOURCE = "demo"
"""Marks a resident as made up."""
ENTERED: tuple[tuple[Group, int, int, float], ...] = (
    (Group.DIS, 20, 99, 0.05),
    (Group.SMI, 18, 80, 0.006),
    (Group.TB, 16, 90, 0.0015),
    (Group.FPS, 50, 90, 0.006),
    (Group.COPD, 45, 95, 0.025),
)
"""Group, ages between which it is found, share among them."""


class Numbers:
    """Citizen numbers of one village, each once: the village is in the area code, the rest counts."""

    def __init__(self, village_index: int) -> None:
        self._area = 999_000 + village_index % 1000
        self._start = village_index // 1000 * 80
        self._used: Counter[tuple[date, Sex]] = Counter()

    def next(self, birth_date: date, sex: Sex) -> str:
        order = self._start + self._used[birth_date, sex]
        self._used[birth_date, sex] += 1
        digit = 2 * (order % 5) + (1 if sex is Sex.MALE else 0)
        body = f"{self._area}{birth_date:%Y%m%d}{order // 5:02d}{digit}"
        return body + check_digit(body)


def register(plan: Plan, practice: Practice, person: Person, number: str, random: Random) -> Record:
    """The record of somebody, before anything happened to them."""
    village = practice.village
    resident = Resident(
        id=plan.id("resident", village.code, person.serial),
        county_code=plan.county,
        village_code=village.code,
        archive_no=f"{village.code}{person.serial:05d}",
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        id_type="id_card",
        address=f"{village.short_name}{person.household % 9 + 1}组{person.household}号",
        registered=random.random() < 0.94,
        ethnicity="回族" if random.random() < 0.01 else "汉族",
        source=SOURCE,
        created_at=max(opened_at(plan.today), opened_at(person.birth_date) + 20 * timedelta(days=31)),
        created_by=practice.doctor.id,
    )
    _identify(resident, number, plan.today, random)
    record = Record(plan, practice, person, random, resident, History(resident))
    record.keep([resident, _residence(record), *_initials(record), *_phones(record)])
    _groups(record)
    return record


def _identify(resident: Resident, number: str, today: date, random: Random) -> None:
    newborn = (today - resident.birth_date).days < 500
    if newborn and random.random() < 0.2:
        resident.no_id_reason = "新生儿未办证"
        resident.identity_key = paperless_key(
            resident.name, resident.sex, resident.birth_date, resident.village_code, None
        )
        return
    resident.id_number = number
    resident.identity_key, resident.id_tail = document_key(number), tail_key(number)


def _residence(record: Record) -> Made:
    resident = record.resident
    return Made(
        Residence,
        id=record.id("residence"),
        resident_id=resident.id,
        village_code=resident.village_code,
        from_on=resident.birth_date,
    )


def _initials(record: Record) -> list[Made]:
    return [
        Made(
            ResidentInitials,
            resident_id=record.resident.id,
            initials=initials,
            village_code=record.resident.village_code,
        )
        for initials in sorted(initials_of(record.resident.name))
    ]


def _phones(record: Record) -> list[Made]:
    random, years = record.random, record.person.age(record.plan.today)
    count = random.choices((0, 1, 2), (8, 82, 10))[0]
    found = []
    for position in range(count):
        number = phone(random)
        own = position == 0 and 12 <= years < 78
        whose = ("儿子", "女儿", "家属") if years > 30 else ("父亲", "母亲")
        found.append(
            Made(
                ResidentPhone,
                id=record.id("phone", position),
                resident_id=record.resident.id,
                village_code=record.resident.village_code,
                position=position,
                number=number,
                number_key=phone_key(number),
                tail_key=phone_tail_key(number),
                note="" if own else random.choice(whose),
            )
        )
    return found


def _groups(record: Record) -> None:
    today, random = record.plan.today, record.random
    years = record.person.age(today)
    for group, youngest, oldest, share in ENTERED:
        if youngest <= years <= oldest and random.random() < share:
            _group(record, group)
    if record.person.poor:
        _group(record, Group.POV)
        if random.random() < 0.35:
            _group(record, Group.LOW)
    if record.person.sex is Sex.FEMALE and 21 <= years <= 40 and random.random() < 0.045:
        _pregnancy(record)


def _group(record: Record, group: Group) -> None:
    since = record.plan.today - timedelta(days=record.random.randint(30, 1500))
    record.groups.add(group)
    record.keep([_row(record, group, max(since, record.person.birth_date))])


def _pregnancy(record: Record) -> None:
    """From the last period on; past the date expected it ends six weeks after delivery."""
    lmp = record.plan.today - timedelta(days=record.random.randint(50, 310))
    edd = add_months(lmp, 9) + timedelta(days=7)
    row = _row(record, Group.PRG, lmp)
    row.details = {"lmp": lmp.isoformat(), "edd": edd.isoformat()}
    if edd < record.plan.today:
        row.details["delivered_on"] = edd.isoformat()
        row.to_on = edd + AFTER_DELIVERY
    if row.to_on is None or row.to_on >= record.plan.today:
        record.groups.add(Group.PRG)
    record.keep([row])
    record.history.pregnancies.append(row)


def _row(record: Record, group: Group, since: date) -> ResidentGroup:
    return ResidentGroup(
        id=record.id("group", group),
        resident_id=record.resident.id,
        village_code=record.resident.village_code,
        code=str(group),
        from_on=since,
        details={},
    )

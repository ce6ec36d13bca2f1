"""What a roster row says of care: phones, groups, contract, diseases and past visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from tracker.domain.calendar import add_years
from tracker.domain.cells import plain, read_text, read_yes
from tracker.domain.contract import TERMS, Term
from tracker.domain.finding import Result
from tracker.domain.glucose import read_glucose
from tracker.domain.groups import read_groups
from tracker.domain.headers import VISIT_COLUMNS, Column, Header, Slot
from tracker.domain.person import Group
from tracker.domain.phones import Phone, read_phones
from tracker.domain.pressure import Pressure, read_pressure, read_pressure_columns
from tracker.domain.reasons import Reason
from tracker.domain.roster import RosterVisit, Source
from tracker.domain.roster_person import Setting, read_day
from tracker.domain.words import words

HOUSEHOLD, ELSEWHERE = words("household words"), words("non household words")
Block = Mapping[Column, Slot]
_read_signed = partial(read_yes, own_word="签约")


def read_contract(source: Source, setting: Setting) -> Term | None:
    """Both dates make a contract unless the row says that there is none."""
    firsts = source.header.firsts
    signed = source.read(firsts.get(Column.SIGNED), _read_signed)
    starts = read_day(source, Column.SIGNED_ON, setting)
    ends = source.read(firsts.get(Column.ENDS_ON), setting.day)
    if signed is False and (starts or ends):
        source.leave(Column.SIGNED, Reason.CONTRACT_CONTRADICTS)
        return None
    if starts is None or ends is None:
        if signed or starts or ends:
            source.note(Column.SIGNED if signed else Column.SIGNED_ON, Reason.CONTRACT_DATES_MISSING)
        return None
    return _term(source, starts, ends)


def read_all_phones(source: Source) -> tuple[Phone, ...]:
    """The numbers of every phone column, each once."""
    phones: dict[str, Phone] = {}
    for slot in source.header.slots.get(Column.PHONE, ()):
        for phone in source.read(slot, read_phones) or ():
            phones.setdefault(phone.number, phone)
    return tuple(phones.values())


def read_all_groups(source: Source) -> frozenset[Group]:
    named = frozenset[Group]()
    for slot in source.header.slots.get(Column.GROUPS, ()):
        more: frozenset[Group] | None = source.read(slot, read_groups)
        named |= more or frozenset()
    return named


def read_disease(source: Source, column: Column, word: str, named: bool) -> bool:
    """The disease's own column, or its name among the groups; a plain no against the groups is asked."""
    said: bool | None = None
    for slot in source.header.slots.get(column, ()):
        answer = source.read(slot, partial(read_yes, own_word=word))
        said = answer if said is None else said or bool(answer)
    if said is False and named:
        source.leave(column, Reason.DISEASE_CONTRADICTS)
        return False
    return bool(said) or named


def read_registered(source: Source) -> bool | None:
    """Whether the person is on the household register here."""
    slot = source.header.first(Column.REGISTERED)
    if slot is None:
        return None
    said = plain(source.at(slot))
    if said in HOUSEHOLD or said in ELSEWHERE:
        return said in HOUSEHOLD
    return source.read(slot, read_yes)


def read_words(source: Source, column: Column) -> str | None:
    return source.read(source.header.first(column), read_text)


def visit_blocks(header: Header) -> tuple[Block, ...]:
    """Which columns belong to one visit: by the visit they name, else by their order in the sheet."""
    blocks: dict[str, list[dict[Column, Slot]]] = {}
    slots = [slot for column in VISIT_COLUMNS for slot in header.slots.get(column, ())]
    for slot in sorted(slots, key=lambda slot: slot.index):
        known = blocks.setdefault(slot.visit, [{}])
        if slot.column in known[-1]:
            known.append({})
        known[-1][slot.column] = slot
    return _dated([block for several in blocks.values() for block in several if block])


def read_visits(
    source: Source, setting: Setting, blocks: Sequence[Block], born: date, diagnosed: date | None
) -> tuple[RosterVisit, ...]:
    """The latest visit, and the latest with a pressure and with a glucose, oldest first."""
    by_day: dict[date, RosterVisit] = {}
    for block in blocks:
        visit = _visit(source, setting, block, born, diagnosed)
        if visit:
            by_day[visit.on] = _joined(by_day.get(visit.on), visit)
    visits = [by_day[day] for day in sorted(by_day)]
    if len(visits) <= 1:
        return tuple(visits)
    kept = {day for day in (_latest(visits), _latest(v for v in visits if v.sbp)) if day}
    kept |= {day for day in (_latest(v for v in visits if v.fpg),) if day}
    return tuple(visit for visit in visits if visit.on in kept)


def _term(source: Source, starts: date, ends: date) -> Term | None:
    if ends < starts:
        source.leave(Column.ENDS_ON, Reason.CONTRACT_REVERSED)
        return None
    if ends > _longest(starts):
        source.leave(Column.ENDS_ON, Reason.CONTRACT_TOO_LONG)
        return None
    return Term(starts, ends)


@lru_cache(maxsize=20_000)
def _longest(starts: date) -> date:
    return add_years(starts, max(TERMS))


def _dated(blocks: Sequence[dict[Column, Slot]]) -> tuple[Block, ...]:
    """Readings under a heading without a date belong to the first visit that lacks them."""
    dated = [block for block in blocks if Column.VISITED_ON in block]
    for block in blocks:
        if Column.VISITED_ON in block:
            continue
        home = next((other for other in dated if not other.keys() & block.keys()), None)
        if home is None:
            dated.append(block)
        else:
            home.update(block)
    return tuple(dated)


def _visit(
    source: Source, setting: Setting, block: Block, born: date, diagnosed: date | None
) -> RosterVisit | None:
    slot = block.get(Column.VISITED_ON)
    day = source.read(slot, setting.day)
    pressure, glucose = _pressure(source, block), _glucose(source, block)
    if day is None:
        if pressure or glucose:
            place = block.get(Column.PRESSURE) or block.get(Column.SBP) if pressure else block.get(Column.FPG)
            source.say(place, Reason.READING_WITHOUT_DATE, Result.LEFT_EMPTY)
        return None
    if not _possible(source, slot, day, (born, setting.today), diagnosed):
        return None
    if pressure is None:
        return RosterVisit(day, fpg=glucose)
    return RosterVisit(day, pressure.sbp, pressure.dbp, glucose)


def _possible(
    source: Source, slot: Slot | None, day: date, life: tuple[date, date], diagnosed: date | None
) -> bool:
    """A visit lies between birth and today, and not before the diagnosis it follows up."""
    reason = None
    if day > life[1]:
        reason = Reason.DATE_FUTURE
    elif day < life[0]:
        reason = Reason.DATE_BEFORE_BIRTH
    if reason:
        source.say(slot, reason, Result.LEFT_EMPTY)
        return False
    if diagnosed and day < diagnosed:
        source.say(slot, Reason.VISIT_BEFORE_DIAGNOSIS, Result.LEFT_EMPTY, diagnosed=diagnosed.isoformat())
        return False
    return True


def _pressure(source: Source, block: Block) -> Pressure | None:
    slot = block.get(Column.PRESSURE)
    first, second = block.get(Column.SBP), block.get(Column.DBP)
    found = source.read(slot, read_pressure)
    if found or not (first or second):
        return found
    return source.take(first or second, read_pressure_columns(source.at(first), source.at(second)))


def _glucose(source: Source, block: Block) -> Decimal | None:
    return source.read(block.get(Column.FPG), read_glucose)


def _joined(old: RosterVisit | None, new: RosterVisit) -> RosterVisit:
    if old is None:
        return new
    sbp, dbp = (new.sbp, new.dbp) if new.sbp else (old.sbp, old.dbp)
    return replace(new, sbp=sbp, dbp=dbp, fpg=new.fpg or old.fpg)


def _latest(visits: Iterable[RosterVisit]) -> date | None:
    return max((visit.on for visit in visits), default=None)

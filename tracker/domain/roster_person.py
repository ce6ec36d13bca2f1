"""Who a roster row speaks of: name, ID number (GB 11643) or its absence, sex, birth date, village.

A wrong number refuses the row; none at all does not where name, sex, birth date and village stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from tracker.domain.calendar import age
from tracker.domain.cells import placeholder, read_age, read_sex, read_yes, text
from tracker.domain.dates import read_date
from tracker.domain.finding import Read, Result
from tracker.domain.headers import Column, Slot
from tracker.domain.identity import IdNumber, Refusal, read_id_number
from tracker.domain.names import Name, is_deceased, read_name
from tracker.domain.person import Sex
from tracker.domain.reasons import Reason
from tracker.domain.roster import Source
from tracker.domain.villages import Place, VillageIndex

AWAITED = frozenset({Reason.ID_MISSING, Reason.ID_OTHER_DOCUMENT})
AGE_SLACK = 2
"""Years: an age may be counted the traditional way, or be of last year's roster."""


@dataclass(slots=True)
class Who:
    name: str
    deceased: bool
    sex: Sex
    birth_date: date
    village_code: str
    id_number: str | None = None
    no_id_reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole sheet while its rows are read."""

    villages: VillageIndex
    place: Place
    today: date
    epoch_1904: bool = False
    day: Callable[[object], Read[date]] = field(init=False, compare=False, repr=False)
    """Reads a day as this workbook counts days."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", partial(read_date, epoch_1904=self.epoch_1904))


def read_who(source: Source, setting: Setting) -> Who | None:
    """The person, or None when the row is refused; every cause of refusal is told."""
    header = source.header
    name = source.take(header.first(Column.NAME), read_name(source.raw(Column.NAME)), Result.REFUSED)
    village = source.take(_place_slot(source), _village(source, setting), Result.REFUSED)
    found = _id_number(source, setting.today)
    sex = source.read(header.first(Column.SEX), read_sex)
    born = read_day(source, Column.BIRTH_DATE, setting)
    if isinstance(found, IdNumber):
        _compare(source, found, sex, born)
        sex, born = found.sex, found.birth_date
    elif found.reason in AWAITED:
        _await(source, found.reason, complete=None not in (name, village, sex, born))
    if source.refused or name is None or village is None or sex is None or born is None:
        return None
    _compare_age(source, born, setting.today)
    return _who(source, name, sex, born, village, found)


def read_day(source: Source, column: Column, setting: Setting) -> date | None:
    """A date column of the past; one in the future is left empty."""
    slot = source.header.firsts.get(column)
    if slot is None:
        return None
    day = source.read(slot, setting.day)
    if day and day > setting.today:
        source.leave(column, Reason.DATE_FUTURE)
        return None
    return day


def _who(source: Source, name: Name, sex: Sex, born: date, village: str, found: IdNumber | Refusal) -> Who:
    deceased = name.deceased or _died(source)
    if isinstance(found, IdNumber):
        return Who(name.value, deceased, sex, born, village, found.value)
    said = text(source.raw(Column.ID_NUMBER))
    kind = text(source.raw(Column.ID_TYPE))
    other = found.reason is Reason.ID_OTHER_DOCUMENT
    return Who(
        name=name.value,
        deceased=deceased,
        sex=sex,
        birth_date=born,
        village_code=village,
        no_id_reason=kind or "其他证件" if other else said,
        document=f"{kind} {said}".strip() if other else "",
    )


def _village(source: Source, setting: Setting) -> Read[str]:
    raw = source.raw
    village, township, address = raw(Column.VILLAGE), raw(Column.TOWNSHIP), raw(Column.ADDRESS)
    return setting.villages.find(village, township, address, setting.place)


def _place_slot(source: Source) -> Slot | None:
    """The column that a finding about the village points at."""
    header = source.header
    return header.first(Column.VILLAGE) or header.first(Column.TOWNSHIP) or header.first(Column.ADDRESS)


def _id_number(source: Source, today: date) -> IdNumber | Refusal:
    """The number as read; one that is wrong refuses the row, fixes are noted."""
    found = read_id_number(source.raw(Column.ID_NUMBER), today)
    if isinstance(found, IdNumber):
        for fix in found.fixes:
            source.note(Column.ID_NUMBER, fix.reason, **fix.params)
        return found
    kind = text(source.raw(Column.ID_TYPE))
    if kind and "身份证" not in kind and not placeholder(kind) and found.reason not in AWAITED:
        return Refusal(Reason.ID_OTHER_DOCUMENT)
    if found.reason not in AWAITED:
        source.refuse(Column.ID_NUMBER, found.reason, **found.params)
    return found


def _await(source: Source, reason: Reason, *, complete: bool) -> None:
    if complete:
        source.note(Column.ID_NUMBER, reason)
    else:
        source.refuse(Column.ID_NUMBER, Reason.ID_MISSING_INCOMPLETE)


def _compare(source: Source, number: IdNumber, sex: Sex | None, born: date | None) -> None:
    """The ID number counts; lunar birthdays and slips in the other columns are common."""
    if sex and sex is not number.sex:
        source.note(Column.SEX, Reason.SEX_CONTRADICTS_ID)
    if born and born != number.birth_date:
        source.note(Column.BIRTH_DATE, Reason.BIRTH_CONTRADICTS_ID, kept=number.birth_date.isoformat())


def _compare_age(source: Source, born: date, today: date) -> None:
    years = source.read(source.header.firsts.get(Column.AGE), read_age)
    if years is not None and abs(years - age(born, today)) > AGE_SLACK:
        source.note(Column.AGE, Reason.AGE_CONTRADICTS)


def _died(source: Source) -> bool:
    """A column for it, or a remark that says nothing else."""
    remark = source.raw(Column.NOTE)
    if remark and is_deceased(remark):
        source.note(Column.NOTE, Reason.DECEASED)
        return True
    died = source.read(source.header.firsts.get(Column.DECEASED), partial(read_yes, own_word="死亡"))
    if died:
        source.note(Column.DECEASED, Reason.DECEASED)
    return bool(died)

"""Finding the header of a roster sheet and what its columns mean, whatever the county calls them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from tracker.domain.cells import text
from tracker.domain.words import words

SEARCHED_ROWS = 15
FEWEST_COLUMNS = 3
LONGEST_HEAD = 24


class Column(StrEnum):
    NUMBER = "number"
    NAME = "name"
    SEX = "sex"
    ID_NUMBER = "id_number"
    ID_TYPE = "id_type"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    ETHNIC = "ethnic"
    PHONE = "phone"
    TOWNSHIP = "township"
    VILLAGE = "village"
    ADDRESS = "address"
    VILLAGE_GROUP = "village_group"
    HOUSEHOLD_HEAD = "household_head"
    RELATION = "relation"
    ARCHIVE_NUMBER = "archive_number"
    GROUPS = "groups"
    SIGNED = "signed"
    SIGNED_ON = "signed_on"
    ENDS_ON = "ends_on"
    DOCTOR = "doctor"
    HYPERTENSION = "hypertension"
    DIABETES = "diabetes"
    DIAGNOSED_ON = "diagnosed_on"
    HYPERTENSION_ON = "hypertension_on"
    DIABETES_ON = "diabetes_on"
    VISITED_ON = "visited_on"
    PRESSURE = "pressure"
    SBP = "sbp"
    DBP = "dbp"
    FPG = "fpg"
    REGISTERED = "registered"
    DECEASED = "deceased"
    NOTE = "note"


VISIT_COLUMNS = frozenset({Column.VISITED_ON, Column.PRESSURE, Column.SBP, Column.DBP, Column.FPG})
BY_WORD = {word: column for column in Column for word in words(f"column {column}")}
HEAD_OF_NAMES = frozenset("".join(words(f"column {Column.NAME}")))
BRACKETS = re.compile(r"[(\[【〔{<][^()\[\]【】〔〕{}<>]*[)\]】〕}>]?")
NOISE = re.compile(r"[\s*:,、。./\\\-_—~·'\"!?&|+]|是否患?有?|有无")
ORDINAL = re.compile(
    r"第?(?:[一二三四五六七八九十]|1[0-2]|[1-9])(?:次|季度?|月份?)|20\d\d年?(?:\d{1,2}月|第?[一二三四1-4]季度)?"
)
COLON = re.compile(r"[:：]\s*\S")
OTHERS = re.compile(
    r"户主|监护|医生|村医|填报|父亲|母亲|配偶|代表|团队|下次|下一|预约|计划|应随访|餐后|随机|糖化|目标|服药|用药|建档|体检|编码"
)
ALIKE = tuple(
    (re.compile(pattern), column)
    for pattern, column in (
        (r"身份证|公民身份|证件号", Column.ID_NUMBER),
        (r"出生(?:日期|年月|时间)", Column.BIRTH_DATE),
        (r"电话|手机|联系方式", Column.PHONE),
        (r"(?:到期|截止|终止|结束|届满)(?:日期|时间|日|年月日)?$", Column.ENDS_ON),
        (r"(?:签约|签订|协议|合同).*(?:日期|时间)$", Column.SIGNED_ON),
        (r"高血压.*(?:确诊|诊断)|(?:确诊|诊断).*高血压", Column.HYPERTENSION_ON),
        (r"糖尿病.*(?:确诊|诊断)|(?:确诊|诊断).*糖尿病", Column.DIABETES_ON),
        (r"(?:确诊|诊断)(?:日期|时间|年月)", Column.DIAGNOSED_ON),
        (r"随访.*(?:日期|时间)$", Column.VISITED_ON),
        (r"收缩压", Column.SBP),
        (r"舒张压", Column.DBP),
        (r"(?<!高)血压(?!患者|病)", Column.PRESSURE),
        (r"空腹|血糖", Column.FPG),
        (r"高血压(?:患者|病|病人)?$", Column.HYPERTENSION),
        (r"糖尿病(?:患者|病人)?$", Column.DIABETES),
        (r"(?:住|地)址", Column.ADDRESS),
        (r"行政村|村委会|居委会|所在村|所属村", Column.VILLAGE),
        (r"人群(?:类别|分类|类型)", Column.GROUPS),
    )
)
UNDER_DISEASE = {
    ("高血压", Column.DIAGNOSED_ON): Column.HYPERTENSION_ON,
    ("糖尿病", Column.DIAGNOSED_ON): Column.DIABETES_ON,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a sheet: where it is, what it means, its header's text, the visit it belongs to."""

    index: int
    column: Column
    header: str
    visit: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header: its last row (from 0) and the columns it names."""

    row: int
    slots: Mapping[Column, tuple[Slot, ...]]
    firsts: Mapping[Column, Slot] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "firsts", {column: found[0] for column, found in self.slots.items() if found}
        )

    def first(self, column: Column) -> Slot | None:
        return self.firsts.get(column)


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The best header among the first rows, one or two rows high; it names people and two more things."""
    best: Header | None = None
    for row in range(min(len(rows), SEARCHED_ROWS)):
        for candidate in _candidates(rows, row):
            if best is None or len(candidate.slots) > len(best.slots):
                best = candidate
    return best


def is_header(cells: Sequence[object], header: Header) -> bool:
    """Whether a row in the middle of the sheet repeats a header."""
    slot = header.first(Column.NAME)
    said = cells[slot.index] if slot and slot.index < len(cells) else None
    if not isinstance(said, str) or len(said) >= 12 or _names_somebody(said):
        return False
    return meaning(said)[0] is Column.NAME


def _names_somebody(said: str) -> bool:
    """Chinese characters alone, none of them of a header for names: true of nearly every row."""
    return HEAD_OF_NAMES.isdisjoint(said) and min(said, default="") >= "\u4e00" and max(said) <= "\u9fff"


@lru_cache(maxsize=2_000)
def meaning(header: str) -> tuple[Column | None, str]:
    """A header's column and the visit it names (第二次, 三季度 …), by the list of synonyms."""
    plain = unicodedata.normalize("NFKC", header).lower()
    for candidate in (BRACKETS.sub("", plain), plain):
        bare = NOISE.sub("", re.sub(r"[()\[\]]", "", candidate))
        if column := _listed(bare):
            return column, ""
        if found := ORDINAL.search(bare):
            rest = bare[: found.start()] + bare[found.end() :]
            column = _listed(rest) or _listed(rest.removeprefix("随访")) or _alike(rest)
            if column in VISIT_COLUMNS:
                return column, found[0]
    return _alike(NOISE.sub("", BRACKETS.sub("", plain))), ""


def _listed(bare: str) -> Column | None:
    return BY_WORD.get(bare) or BY_WORD.get(bare.rstrip("0123456789"))


def _alike(bare: str) -> Column | None:
    """A header in no list, by the words it holds; those of other people and of plans mean nothing here."""
    if not bare or len(bare) > LONGEST_HEAD or OTHERS.search(bare):
        return None
    return next((column for pattern, column in ALIKE if pattern.search(bare)), None)


def _candidates(rows: Sequence[Sequence[object]], row: int) -> Iterable[Header]:
    top = [text(cell) for cell in rows[row]]
    single = _header(row, [(text_, "") for text_ in top])
    if single:
        yield single
    if row + 1 < len(rows) and (below := [text(cell) for cell in rows[row + 1]]):
        pair = _header(row + 1, _merged(top, below)) if _continues(top, below) else None
        if pair:
            yield pair


def _continues(top: Sequence[str], below: Sequence[str]) -> bool:
    """Whether two rows are one head: short words above, no title or filled-in line, and known words below."""
    above, said = [word for word in top if word], [word for word in below if word]
    known = sum(meaning(word)[0] is not None for word in said)
    heads = len(set(above)) > 1 and all(
        len(word) <= LONGEST_HEAD and not COLON.search(word) for word in above
    )
    return heads and bool(said) and known * 2 >= len(said)


def _merged(top: Sequence[str], below: Sequence[str]) -> list[tuple[str, str]]:
    """Each column's own word with the word above it; a merged parent reaches over its children."""
    parent, heads = "", []
    for index in range(max(len(top), len(below))):
        above = top[index] if index < len(top) else ""
        under = below[index] if index < len(below) else ""
        if above:
            parent = above
        heads.append((under or above, parent if under and under != parent else ""))
    return heads


def _header(row: int, heads: Sequence[tuple[str, str]]) -> Header | None:
    slots: dict[Column, tuple[Slot, ...]] = {}
    for index, (word, parent) in enumerate(heads):
        slot = _slot(index, word, parent) if word else None
        if slot:
            slots[slot.column] = (*slots.get(slot.column, ()), slot)
    if Column.NAME not in slots or len(slots) < FEWEST_COLUMNS:
        return None
    return Header(row, slots)


def _slot(index: int, word: str, parent: str) -> Slot | None:
    column, visit = meaning(word)
    if parent and column is None:
        column, visit = meaning(f"{parent}{word}")
    if column is None:
        return None
    for (disease, general), special in UNDER_DISEASE.items():
        if column is general and disease in parent:
            column = special
    if column in VISIT_COLUMNS:
        visit = visit or parent
    return Slot(index, column, f"{parent} {word}".strip(), visit)

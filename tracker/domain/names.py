"""Personal names as rosters write them: blanks inside, marks of death, characters no font shows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tracker.domain.cells import PLACEHOLDERS, broken, placeholder, text
from tracker.domain.finding import Issue, Read, unread
from tracker.domain.reasons import Reason

DEAD = "(?:已经?)?(?:故去?|死亡?|去世|过世|逝世?|亡故?|殁|病故|身故|离世|注销死亡)"
DEAD_WORD = re.compile(DEAD)
DEAD_TAIL = re.compile(r"[\s,，、\-—]*(?:已故|死亡|去世|已死亡|已去世|已死|病故|已亡|过世)$")
BRACKETED = re.compile(r"[(（\[【〔《]([^()（）\[\]【】〔〕《》]*)[)）\]】〕》]?")
CHINESE_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Name:
    """A name and whether the cell marks the person as deceased."""

    value: str
    deceased: bool = False


def read_name(raw: object) -> Read[Name]:
    """The name without marks; a name with unshowable characters is kept and remarked upon."""
    if (
        isinstance(raw, str)
        and len(raw) <= 4
        and raw.isalpha()
        and min(raw) >= "\u4e00"
        and max(raw) <= "\u9fff"
    ):
        # nothing in these characters is left for `plain` to change
        return Read(Name(raw)) if raw not in PLACEHOLDERS else unread(Reason.NAME_MISSING)
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    if placeholder(raw):
        return unread(Reason.NAME_MISSING)
    if not isinstance(raw, str) or len(raw) > 4 * LONGEST:
        return unread(Reason.NAME_UNCLEAR)
    return _marked(text(raw))


def is_deceased(raw: object) -> bool:
    """Whether a remark such as 已故 or （死亡） is all that the cell says."""
    said = text(raw)
    return bool(said) and DEAD_WORD.fullmatch(said.strip("()（）[]【】 ")) is not None


def _marked(said: str) -> Read[Name]:
    fixes: list[Issue] = []
    deceased = False
    for remark in BRACKETED.findall(said):
        if DEAD_WORD.fullmatch(remark.strip()):
            deceased = True
        elif remark.strip():
            fixes.append(Issue(Reason.NAME_REMARK, {"remark": remark.strip()}))
    bare = BRACKETED.sub("", said)
    tail = DEAD_TAIL.sub("", bare)
    deceased = deceased or tail != bare
    if deceased:
        fixes.append(Issue(Reason.DECEASED))
    return _spelt(tail.strip(), deceased, fixes)


def _spelt(said: str, deceased: bool, fixes: list[Issue]) -> Read[Name]:
    closed = " ".join(CHINESE_GAP.sub("", said).split())
    if closed != said:
        fixes.append(Issue(Reason.NAME_SPACES))
    if any(_unshowable(c) for c in closed):
        fixes.append(Issue(Reason.NAME_RARE))
    letters = any(c.isalpha() or _unshowable(c) for c in closed)
    if not letters or any(c.isdigit() for c in closed) or len(closed) > LONGEST:
        return unread(Reason.NAME_UNCLEAR)
    return Read(Name(closed, deceased), fixes=tuple(fixes))


def _unshowable(character: str) -> bool:
    """Private-use and replacement characters, and the boxes and question marks that stand for them."""
    return character in "□■�?？〓" or unicodedata.category(character) in ("Co", "Cn", "Cs")

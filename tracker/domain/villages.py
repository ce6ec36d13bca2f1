"""Finding a village by the names rosters give it; codes are the 12-digit statistical codes (6+3+3).

Names repeat inside a county, so the township decides; a name that fits none or several is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.cells import text
from tracker.domain.finding import Read, unread
from tracker.domain.reasons import Reason

TAIL = re.compile(
    r"(?:居民委委会|居民委员会|村民委员会|社区委员会|村民委会|居民委会|委员会|村委会|居委会|村委|居委|卫生室|卫生所|社区|行政村|村)$"
)
GROUP_TAIL = re.compile(r"第?(?:[一二三四五六七八九十]+|\d+)(?:村民|居民)?(?:小组|组|队|社)(?:\d+号)?$")
GROUP = re.compile(r"第?(?:[一二三四五六七八九十]+|\d+)(?:村民|居民)?(?:小组|组|队)")
TOWN_TAIL = re.compile(r"(?:街道办事处|街道办|办事处|街道|(?:(?:土家|蒙古|朝鲜|维吾尔|哈萨克|.)族)?[镇乡])$")
BOUNDARY = re.compile(r"$|[村社居委第\d(]|[一二三四五六七八九十]+[组队]|花名册|居民|签约")
BLANK = re.compile(r"[\s\u200b\ufeff,，、;；·]+")
CODE = re.compile(r"\d{12}")
SHOWN = 5
REMEMBERED = 50_000


def group_in(address: str | None) -> str | None:
    """The villagers' group that an address names, as it is written there: 3组."""
    found = GROUP.search(unicodedata.normalize("NFKC", address or ""))
    return None if found is None else found.group()


@dataclass(frozen=True, slots=True)
class Village:
    code: str
    name: str

    @property
    def township(self) -> str:
        return self.code[:9]


@dataclass(slots=True)
class VillageIndex:
    """The townships and villages of one county, with what they are called."""

    townships: dict[str, str] = field(default_factory=dict)
    villages: dict[str, Village] = field(default_factory=dict)
    by_key: dict[str, list[Village]] = field(default_factory=lambda: defaultdict(list))
    by_town: dict[str, dict[str, list[Village]]] = field(default_factory=lambda: defaultdict(dict))
    _found: dict[tuple[str, str, str, Place], Read[str]] = field(default_factory=dict)

    @classmethod
    def build(
        cls, places: Iterable[tuple[str, str]], aliases: Mapping[str, Sequence[str]] | None = None
    ) -> VillageIndex:
        """From (code, name) of every township (9 digits) and village (12); `aliases` adds names to a code."""
        index = cls()
        for code, name in places:
            if len(code) == 9:
                index.townships[code] = name
            elif len(code) == 12:
                index._add(Village(code, name), (name, *(aliases or {}).get(code, ())))
        return index

    def _add(self, village: Village, names: Iterable[str]) -> None:
        self.villages[village.code] = village
        for key in {key for name in names for key in (normal(name), village_key(name))}:
            self.by_key[key].append(village)
            self.by_town[village.township].setdefault(key, []).append(village)

    def find(self, village: object, township: object, address: object, context: Place) -> Read[str]:
        """The code for a row: its village within its township, else what its address or the sheet says."""
        named = text(village)
        asked = (named, text(township), "" if named else text(address), context)
        if asked not in self._found:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, village: str, township: str, address: str, context: Place) -> Read[str]:
        if CODE.fullmatch(normal(village)):
            known = normal(village) in self.villages
            return Read(normal(village)) if known else unread(Reason.VILLAGE_CODE)
        town = self.township(township)
        if township and town is None and normal(township):
            return unread(Reason.TOWNSHIP_UNKNOWN, candidates="、".join(self.townships.values()))
        if not normal(village):
            return self._unnamed(address, town, context)
        inside, rest = self.split(village)
        if rest:
            return self._named(rest, inside or town or context.township)
        return self._unnamed(address, town or inside, context)

    def _unnamed(self, address: str, town: str | None, context: Place) -> Read[str]:
        """No village in the row: the address may begin with it, else the sheet's own village counts."""
        found = self.locate(address, town or context.township) if address else None
        if found:
            return Read(found.code)
        if context.village and town in (None, context.township):
            return Read(context.village)
        return unread(Reason.VILLAGE_MISSING)

    def _named(self, name: str, town: str | None) -> Read[str]:
        names = self.by_town.get(town, {}) if town else self.by_key
        for key in (normal(name), village_key(name)):
            found = names.get(key, [])
            if len(found) == 1:
                return Read(found[0].code)
            if found:
                return unread(Reason.VILLAGE_AMBIGUOUS, candidates=self._shown(found))
        if town is None:
            return unread(Reason.VILLAGE_NOWHERE)
        elsewhere = self.by_key.get(village_key(name), [])
        said = {"township": self.townships.get(town, town)}
        if elsewhere:
            return unread(Reason.VILLAGE_UNKNOWN_NEAR, candidates=self._shown(elsewhere), **said)
        return unread(Reason.VILLAGE_UNKNOWN, **said)

    def _shown(self, found: Sequence[Village]) -> str:
        shown = [f"{self.townships.get(v.township, '')}{v.name}（{v.code}）" for v in found[:SHOWN]]
        return "、".join(shown)

    def township(self, said: str) -> str | None:
        """The code of a township by its name, by its name without 镇, 乡 or 街道, or by its own code."""
        name = normal(said)
        if name in self.townships:
            return name
        full = [code for code, known in self.townships.items() if name and name.endswith(normal(known))]
        same = full or [code for code, known in self.townships.items() if town_key(known) == town_key(name)]
        return same[0] if len(same) == 1 and name else None

    def split(self, said: str) -> tuple[str | None, str]:
        """The township written inside a text and what follows it."""
        name = normal(said)
        for code, known in self.townships.items():
            at = name.find(normal(known))
            if at >= 0:
                return code, name[at + len(normal(known)) :]
        return None, name

    def locate(self, said: str, township: str | None = None) -> Village | None:
        """The one village that a title, a sheet's name or an address begins with, after its township."""
        inside, rest = self.split(said)
        town = inside or township
        names = self.by_town.get(town, {}) if town else self.by_key
        for end in range(len(rest), 0, -1):
            found = names.get(rest[:end], [])
            if found and (end > 1 or rest[end:]) and BOUNDARY.match(rest[end:]):
                return found[0] if len(found) == 1 else None
        return None

    def place(self, texts: Iterable[str]) -> Place:
        """The township and village that a sheet's name and title rows speak of."""
        said = [text_ for text_ in texts if text_]
        towns = {code for text_ in said if (code := self.split(text_)[0])}
        town = towns.pop() if len(towns) == 1 else None
        villages = {found.code for text_ in said if (found := self.locate(text_, town))}
        village = villages.pop() if len(villages) == 1 else None
        return Place(town or (village[:9] if village else None), village)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet says that it is."""

    township: str | None = None
    village: str | None = None


def normal(name: str) -> str:
    """Half width, without blanks."""
    return BLANK.sub("", unicodedata.normalize("NFKC", name))


def village_key(name: str) -> str:
    """张庄, 张庄村, 张庄村委会, 张庄三组, 张庄社区居民委员会 have one key."""
    bare = GROUP_TAIL.sub("", normal(name)) or normal(name)
    while len(shorter := TAIL.sub("", bare)) > 1 and shorter != bare:
        bare = shorter
    return bare


def town_key(name: str) -> str:
    """湛北, 湛北乡 and 湛北镇 have one key."""
    return TOWN_TAIL.sub("", normal(name)) or normal(name)

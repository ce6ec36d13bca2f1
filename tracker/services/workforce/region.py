"""The region tree: codes of GB/T 2260 and of the statistics bureau, where a code begins with its parent's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Level, Region
from tracker.models.among import among
from tracker.schemas.problem import Problem, Refused, refuse
from tracker.services.workforce.scope import NotFound, Scope

LENGTHS = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
COLUMNS = ("code", "name", "level", "parent_code")
ERRORS_AT_MOST = 20
CODES_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """How many regions an import made, renamed and left as they were."""

    new: int
    changed: int
    same: int


def decode(content: bytes) -> str:
    """The text of a CSV file as people save it: UTF-8 with or without mark, else GB18030."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def import_csv(session: Session, text: str) -> Imported:
    """Bring in a tree; running it again changes nothing. Refused with the lines that are wrong."""
    wanted = _read(text)
    brought = {row["code"] for _line, row in wanted}
    known = {region.code: region for region in session.scalars(select(Region))}
    orphans = [
        Problem("", "region_row", {"line": line, "reason": f"parent_code {row['parent_code']}"})
        for line, row in wanted
        if row["parent_code"] and row["parent_code"] not in known and row["parent_code"] not in brought
    ]
    if orphans:
        raise Refused(*orphans[:ERRORS_AT_MOST])
    new = changed = 0
    for _line, row in sorted(wanted, key=lambda found: len(found[1]["code"])):
        region = known.get(row["code"])
        if region is None:
            known[row["code"]] = Region(
                code=row["code"],
                name=row["name"],
                level=Level(row["level"]),
                parent_code=row["parent_code"] or None,
            )
            session.add(known[row["code"]])
            new += 1
        elif region.name != row["name"]:
            region.name = row["name"]
            changed += 1
    session.flush()
    return Imported(new, changed, len(wanted) - new - changed)


def _read(text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise refuse("", "csv_columns", columns=", ".join(missing))
    rows, problems = [], []
    for row in reader:
        plain = {name: (row[name] or "").strip() for name in COLUMNS}
        reason = _odd(plain)
        if reason:
            problems.append(Problem("", "region_row", {"line": reader.line_num, "reason": reason}))
        rows.append((reader.line_num, plain))
    if problems:
        raise Refused(*problems[:ERRORS_AT_MOST])
    return rows


def _odd(row: Mapping[str, str]) -> str:
    """Why a row is no region, or nothing; the column and what it holds say enough."""
    code, parent = row["code"], row["parent_code"]
    if row["level"] not in list(Level):
        return f"level {row['level']}"
    if not (code.isascii() and code.isdigit()) or len(code) != LENGTHS[Level(row["level"])]:
        return f"code {code}"
    if parent and (parent == code or not code.startswith(parent)):
        return f"parent_code {parent}"
    return "" if row["name"] and len(row["name"]) <= 80 and "\0" not in row["name"] else "name"


def common(codes: Sequence[str]) -> str:
    """The longest beginning that all of the codes share."""
    first, last = min(codes), max(codes)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def get(session: Session, code: str, level: Level | None = None, field: str = "region") -> Region:
    """The region of a code, of this level if one is wanted; Refused otherwise."""
    found = session.get(Region, code) if "\0" not in code else None
    if found is None:
        raise refuse(field, "region_unknown", region=code)
    if level is not None and found.level is not level:
        raise refuse(field, f"not_a_{level}", region=code)
    return found


def codes(session: Session, words: Iterable[str], inside: Sequence[str], field: str) -> list[str]:
    """Codes as they are typed, and those of the places inside these prefixes that are called so.

    Refused where a name is nobody's or that of several places.
    """
    return [
        word if word.isascii() and word.isdigit() else _called(session, word, inside, field) for word in words
    ]


def _called(session: Session, name: str, inside: Sequence[str], field: str) -> str:
    within = or_(*(Region.code.startswith(prefix, autoescape=True) for prefix in inside))
    query = select(Region.code).where(Region.name == name).order_by(Region.code)
    found = session.scalars(query.where(within) if inside else query).all()
    if not found:
        raise refuse(field, "region_name_unknown", name=name)
    if len(found) > 1:
        raise refuse(field, "region_name_shared", name=name, codes=", ".join(found[:CODES_AT_MOST]))
    return found[0]


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names by code, for those that exist."""
    found = session.execute(select(Region.code, Region.name).where(Region.code.in_(sorted(set(codes)))))
    return dict(found.all())


def children(session: Session, code: str) -> Sequence[Region]:
    return session.scalars(select(Region).where(Region.parent_code == code).order_by(Region.code)).all()


def below(session: Session, prefix: str, level: Level) -> Sequence[Region]:
    """All regions of a level whose code begins so, the region itself included."""
    return session.scalars(
        select(Region)
        .where(Region.code.startswith(prefix, autoescape=True), Region.level == level)
        .order_by(Region.code)
    ).all()


def path(session: Session, code: str) -> Sequence[Region]:
    """The region and what it lies in, the widest first."""
    codes = [code[:n] for n in LENGTHS.values() if n <= len(code)]
    return session.scalars(_named(), {"codes": codes}).all()


@cache
def _named() -> Select[Region]:
    return select(Region).where(among(Region.code, "codes")).order_by(Region.code)


def in_scope(session: Session, scope: Scope, level: Level = Level.VILLAGE) -> Sequence[Region]:
    """The regions of a level inside a scope, for pick lists."""
    if scope.villages and level is Level.VILLAGE:
        codes = sorted(scope.villages)
        return session.scalars(select(Region).where(Region.code.in_(codes)).order_by(Region.code)).all()
    prefixes = scope.regions or tuple(sorted({v[: LENGTHS[level]] for v in scope.villages}))
    return [region for prefix in prefixes for region in below(session, prefix, level)]


def concerns(scope: Scope, code: str) -> bool:
    """Whether a region lies in a scope or around it: a county's figures are for all who work in it."""
    if scope.role is Role.SYSADMIN and not scope.regions:
        return True
    return any(code.startswith(own) or own.startswith(code) for own in scope.villages or scope.regions)


def concerning(session: Session, scope: Scope, code: str) -> str:
    """The code asked for, empty for everything; NotFound where it is unknown or foreign."""
    if code and (not concerns(scope, code) or session.get(Region, code) is None):
        raise NotFound("region")
    return code


def county_of(code: str) -> str:
    return code[: LENGTHS[Level.COUNTY]]

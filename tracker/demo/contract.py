"""Contracts of made-up people: valid, about to end, ended, renewed, and some that nobody signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from urllib.parse import quote
from uuid import UUID

from tracker.demo.batch import Made
from tracker.demo.fate import Fate
from tracker.demo.record import DAY, Record
from tracker.domain.contract import (
    Evidence,
    Signer,
    Term,
    kind_after,
    occupied_until,
    renewal_term,
    term,
)
from tracker.domain.person import KEY_SET, Group, groups_by_age
from tracker.domain.terms import Disease
from tracker.models import Contract, ContractPackage

EXPIRING_BELOW = timedelta(days=60)
GROUP_OF = {Disease.HYPERTENSION: Group.HTN, Disease.DIABETES: Group.T2D}
PACKAGES = {Group.HTN: "KEY_HTN", Group.T2D: "KEY_T2D", Group.ELD: "KEY_ELD"}
STATES = ("valid", "expiring", "renewed early", "expired", "unsigned")
SIGNED = (0.885, 0.08, 0.035)
"""Of those under contract: valid for long, about to end, about to end and renewed already."""
LAPSED = 0.22
"""Of those without: the contract ended and was not renewed."""
UNSIGNED = 0.09
"""Of those without: written but not signed."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a township's people are offered: the share under contract, and the packages by code."""

    share: float
    packages: Mapping[str, UUID]


def share_of(random: Random) -> float:
    """Townships differ."""
    return random.uniform(0.57, 0.77)


def contracts(record: Record, fate: Fate, cover: Cover) -> None:
    """Note the contracts of one person."""
    key = _key_groups(record)
    share = min(0.93, cover.share * (1.2 if key else 0.9))
    random, today = record.random, record.plan.today
    if random.random() < share:
        state = random.choices(STATES[:3], SIGNED)[0]
    else:
        dice = random.random()
        state = "expired" if dice < LAPSED else "unsigned" if dice < LAPSED + UNSIGNED else ""
    if not state:
        return
    years = random.choices((1, 2, 3), (90, 7, 3))[0]
    current = term(_start(random, state, today, years), years)
    before = _before(record, current) if random.random() < 0.45 and state != "unsigned" else None
    rows = [row for row in (before, _row(record, fate, current, years, state, before)) if row is not None]
    if state == "renewed early" and rows:
        following = _next(record, rows[-1], fate)
        rows += [following] if following else []
    for row in rows:
        record.keep([row, *_packages(row, key, cover)])


def _key_groups(record: Record) -> set[str]:
    found = set(groups_by_age(record.person.birth_date, record.plan.today)) | record.groups
    found |= {GROUP_OF[disease] for disease in record.conditions}
    return {str(group) for group in KEY_SET if group in found}


def _start(random: Random, state: str, today: date, years: int) -> date:
    whole = 365 * years
    if state == "expired":
        return today - timedelta(days=whole + random.randint(3, 150))
    if state in ("expiring", "renewed early"):
        return today - timedelta(days=whole - random.randint(2, 58))
    if state == "unsigned":
        return today - timedelta(days=random.randint(1, 120))
    return today - timedelta(days=random.randint(1, whole - 64))


def _before(record: Record, current: Term) -> Contract | None:
    """The contract that the present one renewed."""
    old = term(current.start_on - timedelta(days=366), 1)
    if old.start_on < record.person.birth_date or old.end_on >= current.start_on:
        return None
    return _row(record, Fate(record.yesterday), old, 1, "old", None)


def _row(
    record: Record, fate: Fate, days: Term, years: int, state: str, before: Contract | None
) -> Contract | None:
    random = record.random
    if days.start_on < record.person.birth_date or (fate.left_on and days.start_on > fate.left_on):
        return None
    signed_on = days.start_on
    if before is not None and random.random() < 0.6:
        signed_on = max(before.end_on - timedelta(days=random.randint(0, 50)), before.start_on + DAY)
    evidence = _evidence(random, state)
    ends_early = fate.left_on is not None and fate.left_on <= days.end_on and evidence is not Evidence.NONE
    terminated_on = fate.left_on if ends_early else None
    row_id = record.id("contract", days.start_on)
    return Contract(
        id=row_id,
        number=f"{record.plan.county}{signed_on.year}{row_id.hex[:12].upper()}",
        resident_id=record.resident.id,
        village_code=record.resident.village_code,
        village_code_at=record.resident.village_code,
        team_id=record.practice.team.id,
        kind=kind_after(before.end_on if before else None, days.start_on, switched=False),
        predecessor_id=before.id if before else None,
        years=years,
        signed_on=signed_on,
        start_on=days.start_on,
        end_on=days.end_on,
        evidence=evidence,
        signed_by=_signer(record, signed_on),
        signature=_signature(random) if evidence is Evidence.DRAWN else None,
        terminated_on=terminated_on,
        termination_reason=str(fate.reason) if ends_early and fate.reason else None,
        occupied_until=None if evidence is Evidence.NONE else occupied_until(days.end_on, terminated_on),
        created_at=record.written_at(min(signed_on, record.yesterday)),
        created_by=record.practice.doctor.id,
    )


def _next(record: Record, last: Contract, fate: Fate) -> Contract | None:
    """Signed ahead of the old one's end: it starts the day after."""
    first = max(last.end_on - timedelta(days=58), last.start_on + DAY)
    signed_on = record.day_between(first, record.yesterday)
    if fate.left_on is not None or signed_on > record.yesterday:
        return None
    row = _row(record, fate, renewal_term(last.end_on, signed_on, 1), 1, "renewed", last)
    if row is not None:
        row.signed_on = signed_on
        row.created_at = record.written_at(signed_on)
    return row


def _evidence(random: Random, state: str) -> Evidence:
    if state == "unsigned":
        return Evidence.NONE
    return Evidence.PAPER if state == "old" or random.random() < 0.6 else Evidence.DRAWN


def _signer(record: Record, on: date) -> Signer:
    years = record.person.age(on)
    if years < 18:
        return Signer.GUARDIAN
    return Signer.REPRESENTATIVE if record.random.random() < 0.3 else Signer.RESIDENT


def _signature(random: Random) -> str:
    """A few strokes, as the pad keeps them."""
    steps = " ".join(f"q{random.randint(4, 20)} {random.randint(-30, 30)} {random.randint(8, 26)} "
                     f"{random.randint(-12, 12)}" for _ in range(6))  # fmt: skip
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 90">'
        f'<path fill="none" stroke="#000" stroke-width="3" d="M20 45{steps}"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawn, safe="")


def _packages(row: Contract, key: set[str], cover: Cover) -> list[Made]:
    codes = ["BASIC", *(code for group, code in PACKAGES.items() if str(group) in key)]
    return [Made(ContractPackage, contract_id=row.id, package_id=cover.packages[code]) for code in codes]

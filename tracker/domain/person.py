"""A person's sex and the key-population groups that counties count.

Groups: the national key set of the 2016 and 2018 opinions on family-doctor contracts. Derived groups
follow from the birth date or the disease registers and are never entered.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.calendar import age


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Group(StrEnum):
    ELD = "ELD"
    PRG = "PRG"
    CH6 = "CH6"
    HTN = "HTN"
    T2D = "T2D"
    TB = "TB"
    SMI = "SMI"
    DIS = "DIS"
    POV = "POV"
    FPS = "FPS"
    LOW = "LOW"
    COPD = "COPD"
    GEN = "GEN"


DERIVED = frozenset({Group.ELD, Group.CH6, Group.HTN, Group.T2D, Group.GEN})
ENTERED = frozenset(Group) - DERIVED
KEY_SET = (
    Group.ELD,
    Group.PRG,
    Group.CH6,
    Group.HTN,
    Group.T2D,
    Group.TB,
    Group.SMI,
    Group.DIS,
    Group.POV,
    Group.FPS,
)
"""Groups that make a person count in the key-population contract rate."""

ELDERLY_FROM = 65
CHILD_BELOW = 7
OLDEST = 130
"""Years; the longest life on record is 122, so that an earlier birth date is a slip."""
AFTER_DELIVERY = timedelta(days=42)


NO_ALLERGIES = frozenset({"无", "没有", "否", "无过敏", "无过敏史", "没有过敏", "none", "no"})
"""Ways to say that a person was asked and has none."""


def has_allergies(said: str | None) -> bool | None:
    """Whether there is something to be warned of; None where nobody has asked."""
    return None if not said else said.strip().rstrip("。.").lower() not in NO_ALLERGIES


def groups_by_age(birth_date: date, on: date) -> frozenset[Group]:
    """ELD from the 65th birthday, CH6 before the 7th; age in completed years."""
    years = age(birth_date, on)
    if years >= ELDERLY_FROM:
        return frozenset({Group.ELD})
    return frozenset({Group.CH6}) if years < CHILD_BELOW else frozenset()

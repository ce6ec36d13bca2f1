"""Households of a village whose young people have left: the age pyramid of a rural county."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tracker.demo.names import Surnames, from_elsewhere, given
from tracker.domain.calendar import age
from tracker.domain.person import Sex

SHAPES = ("old couple", "old single", "couple with children", "three generations", "left behind", "single")
WEIGHTS = (25, 9, 29, 22, 9, 6)
MALE, FEMALE = Sex.MALE, Sex.FEMALE


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person; `serial` counts from 1 within the village."""

    serial: int
    name: str
    sex: Sex
    birth_date: date
    household: int
    poor: bool
    """Of a household that gets help against poverty."""

    def age(self, on: date) -> int:
        return age(self.birth_date, on)


def people(random: Random, surnames: Surnames, count: int, today: date) -> Iterator[Person]:
    """So many people, household by household."""
    serial, household = 0, 0
    while serial < count:
        household += 1
        family, poor = surnames.native(random), random.random() < 0.075
        for sex, years, native in _members(random):
            if serial == count:
                return
            serial += 1
            born = _born(random, today, years)
            surname = family if native else from_elsewhere(random)
            yield Person(serial, surname + given(random, sex, born.year), sex, born, household, poor)


def _born(random: Random, today: date, years: float) -> date:
    return today - timedelta(days=1 + int(max(0.0, years) * 365.25 + random.random() * 364))


def _members(random: Random) -> Iterator[tuple[Sex, float, bool]]:
    """Sex, age and whether the person bears the family's own name."""
    shape = random.choices(SHAPES, WEIGHTS)[0]
    if shape == "old couple":
        yield from _couple(random, random.triangular(56, 88, 66))
    elif shape == "old single":
        yield (FEMALE, random.triangular(60, 94, 76), False) if random.random() < 0.66 else _old_man(random)
    elif shape == "couple with children":
        years = random.uniform(33, 60)
        yield from _couple(random, years)
        yield from _children(random, years - 26, random.choices((0, 1, 2), (3, 4, 4))[0])
    elif shape == "three generations":
        yield from _three_generations(random)
    elif shape == "left behind":
        years = random.uniform(56, 74)
        yield from _couple(random, years)
        yield from _children(random, random.uniform(2, 16), random.choices((1, 2), (2, 1))[0])
    else:
        yield MALE, random.uniform(28, 68), True


def _old_man(random: Random) -> tuple[Sex, float, bool]:
    return MALE, random.triangular(60, 92, 74), True


def _couple(random: Random, years: float) -> Iterator[tuple[Sex, float, bool]]:
    yield MALE, years, True
    yield FEMALE, years - random.uniform(-2, 5), False


def _children(random: Random, oldest: float, count: int) -> Iterator[tuple[Sex, float, bool]]:
    years = min(oldest, random.uniform(1, 24))
    for _ in range(count):
        if years < 0:
            return
        yield MALE if random.random() < 0.53 else FEMALE, years, True
        years -= random.uniform(2, 6)


def _three_generations(random: Random) -> Iterator[tuple[Sex, float, bool]]:
    years = random.uniform(27, 46)
    yield from _couple(random, years)
    yield from _children(random, years - 24, random.choices((1, 2), (1, 1))[0])
    elder = years + random.uniform(22, 29)
    if random.random() < 0.6:
        yield from _couple(random, elder)
    else:
        yield FEMALE, elder, False

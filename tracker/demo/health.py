"""Pressures, glucose and weight of a made-up patient: a personal mean, the season, chance, and treatment.

Readings are continuous and rounded as an automatic device shows them, so end digits do not heap. The spread
between visits and the share above the limits follow what population surveys publish; no person is copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import cos, tau
from random import Random

from tracker.demo.household import Person
from tracker.domain.person import Sex

COLDEST = 20
"""Day of the year on which pressures are highest."""


@dataclass(slots=True)
class Health:
    """Levels that treatment moves (mmHg, mmol/L) and what the forms ask besides."""

    sbp: float
    dbp: float
    fpg: float
    height_cm: float
    weight_kg: float
    heart_rate: float
    cigarettes: int
    liquor: float
    spread: float
    response: float
    """How well treatment works: some stay high whatever is done."""

    @classmethod
    def of(cls, person: Person, on: date, random: Random) -> Health:
        years, man = person.age(on), person.sex is Sex.MALE
        height = round(random.gauss(166 if man else 155, 5.5), 1)
        return cls(
            sbp=random.gauss(134.5 + 0.15 * (years - 62), 10),
            dbp=random.gauss(82 - 0.22 * (years - 62), 6),
            fpg=max(4.9, random.gauss(6.55, 0.9)),
            height_cm=height,
            weight_kg=round(random.gauss(25, 2.8) * height * height / 10_000, 1),
            heart_rate=random.gauss(75, 6),
            cigarettes=random.choice((5, 10, 10, 20)) if man and random.random() < 0.4 else 0,
            liquor=random.choice((0.5, 1, 1, 2)) if man and random.random() < 0.35 else 0,
            spread=random.uniform(6.5, 10),
            response=random.choices((0.06, 0.4, 1.0), (26, 38, 36))[0],
        )

    def pressure(self, random: Random, on: date) -> tuple[int, int]:
        """One reading, mmHg."""
        season = 4.0 * cos(tau * (on.timetuple().tm_yday - COLDEST) / 365)
        sbp = random.gauss(self.sbp + season, self.spread)
        dbp = self.dbp + 0.4 * season + 0.35 * (sbp - self.sbp - season) + random.gauss(0, 4)
        high = round(min(max(sbp, 92), 214))
        return high, round(min(max(dbp, high - 95, 46), high - 22, 124))

    def glucose(self, random: Random) -> float:
        """Fasting, mmol/L, one decimal."""
        return round(min(max(random.gauss(self.fpg, 0.65), 3.4), 19.5), 1)

    def weigh(self, random: Random) -> float:
        self.weight_kg = round(min(max(self.weight_kg + random.gauss(-0.05, 0.6), 36), 118), 1)
        return self.weight_kg

    def pulse(self, random: Random) -> int:
        return round(min(max(random.gauss(self.heart_rate, 5), 50), 108))

    def treat_pressure(self, random: Random) -> None:
        """Drugs were adjusted."""
        self.sbp -= self.response * random.uniform(3, 9)
        self.dbp -= self.response * random.uniform(2, 5)

    def treat_glucose(self, random: Random) -> None:
        self.fpg -= self.response * random.uniform(0.2, 0.8)

    def drift(self, random: Random) -> None:
        """Between visits habits slip."""
        self.sbp += random.uniform(-1.0, 3.6)
        self.dbp += random.uniform(-0.5, 1.6)
        self.fpg += random.uniform(-0.05, 0.26)

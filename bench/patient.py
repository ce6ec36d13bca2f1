"""People to visit: hypertension alone, an open routine task, nothing that a doctor would be asked about.

Those come first who have been visited least today: nobody is visited twenty times a day, and a kept county
holds the visits of earlier runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from bench.county import LEAD, County
from tracker import clock

DUE = """
    SELECT t.resident_id, t.id, t.village_code FROM task t
    WHERE t.village_code IN (SELECT village_code FROM team_village WHERE team_id = :team)
      AND t.ended_on IS NULL AND t.disease = 'hypertension' AND t.kind = 'routine'
      AND NOT EXISTS (SELECT 1 FROM condition d WHERE d.resident_id = t.resident_id
                      AND d.disease = 'diabetes')
      AND NOT EXISTS (SELECT 1 FROM task r WHERE r.resident_id = t.resident_id AND r.ended_on IS NULL
                      AND r.kind <> 'routine')
      AND NOT EXISTS (SELECT 1 FROM status_event e WHERE e.resident_id = t.resident_id)
      AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.resident_id = t.resident_id AND c.team_id <> :team)
    ORDER BY (SELECT count(*) FROM visit v WHERE v.resident_id = t.resident_id AND v.visit_date = :day), t.id
"""


@dataclass(frozen=True, slots=True)
class Patient:
    id: UUID
    task_id: str
    village_code: str


def patients(county: County, team: str | None = None) -> Iterator[Patient]:
    """Of a team, or the lead's: one after the other, and again when all were visited."""
    found = county.plain.all(DUE, team=team or county.team, day=county.day.isoformat())
    known = [Patient(UUID(str(key)), str(task), village) for key, task, village in found]
    assert known, f"nobody of {LEAD}'s team is due"
    return itertools.cycle(known)


def body(county: County, patient: Patient) -> dict[str, Any]:
    """A visit of today, as a phone sends it."""
    return {
        "id": str(uuid4()),
        "resident_id": str(patient.id),
        "visit_date": county.day.isoformat(),
        "recorded_at": clock.now().isoformat(),
        "mode": "clinic",
        "emergency_signs": [],
        "sbp": 128,
        "dbp": 82,
        "heart_rate": 74,
        "weight_kg": 66,
        "smoking_per_day": 0,
        "hypertension": {
            "symptoms": [1],
            "salt": 2,
            "adherence": 1,
            "adverse_reaction": 1,
            "drugs": [{"name": "苯磺酸氨氯地平片", "times": 1, "per": "day", "dose": 5, "unit": "mg"}],
        },
    }


def form(county: County) -> dict[str, Any]:
    """The same visit as the page's form sends it."""
    return {
        "id": str(uuid4()),
        "visit_date": county.day.isoformat(),
        "mode": "clinic",
        "emergency_signs": ["none"],
        "sbp": "128",
        "dbp": "82",
        "heart_rate": "74",
        "weight_kg": "66",
        "smoking_per_day": "0",
        "hypertension.symptoms": ["1"],
        "hypertension.salt": "2",
        "hypertension.adherence": "1",
        "hypertension.adverse_reaction": "1",
        "hypertension.drugs.0.name": "苯磺酸氨氯地平片",
        "hypertension.drugs.0.times": "1",
        "hypertension.drugs.0.dose": "5",
    }

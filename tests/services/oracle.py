"""The indicators once more, slowly and in plain Python over all rows, to be held against the SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.calendar import age, quarter
from tracker.domain.indicator import Key, Period
from tracker.domain.person import KEY_SET, Group
from tracker.domain.terms import CLOSING, Status, TaskKind
from tracker.models import (
    Checkup,
    Condition,
    Contract,
    Judgement,
    Residence,
    Resident,
    ResidentGroup,
    StatusPeriod,
    Task,
    Visit,
)

GONE = {Status.DEAD, Status.MOVED_OUT}


class Oracle:
    def __init__(self, session: Session, period: Period) -> None:
        self.period, self.day = period, period.end
        self.rows = {
            model: list(session.scalars(select(model)))
            for model in (
                Checkup, Condition, Contract, Judgement, Residence, Resident, ResidentGroup, StatusPeriod,
                Task, Visit,
            )
        }  # fmt: skip
        self.people = {r.id: r for r in self.rows[Resident]}
        self.recorded = {v.id: v.recorded_at for v in self.rows[Visit]}

    def counts(self, key: Key) -> dict[tuple[str, str | None], tuple[int, int]]:
        """Numerator and denominator by village and group; for the contract rate the signed on both sides."""
        hits, asked = Counter(), Counter()
        for village, group, hit in getattr(self, key.name.lower())():
            asked[village, group] += 1
            hits[village, group] += hit
        return {place: (hits[place], n) for place, n in asked.items()}

    def lives(self, person_id, default=None):
        for r in self.rows[Residence]:
            if (
                r.resident_id == person_id
                and r.from_on <= self.day
                and (r.to_on is None or r.to_on > self.day)
            ):
                return r.village_code
        return default

    def statuses(self, person_id, condition_id, day=None) -> set[Status]:
        day = day or self.day
        return {
            p.status
            for p in self.rows[StatusPeriod]
            if p.resident_id == person_id
            and p.condition_id == condition_id
            and p.from_on <= day
            and (p.to_on is None or p.to_on > day)
        }

    def resident_here(self, person_id) -> str | None:
        return None if self.statuses(person_id, None) & GONE else self.lives(person_id)

    def holds(self, person_id) -> bool:
        return any(
            c.resident_id == person_id
            and c.evidence != "none"
            and c.voided_at is None
            and c.start_on <= self.day <= c.end_on
            and (c.terminated_on is None or c.terminated_on > self.day)
            for c in self.rows[Contract]
        )

    def contract(self):
        for person_id in self.people:
            village = self.resident_here(person_id)
            if village and self.holds(person_id):
                yield village, None, 1

    def key_contract(self):
        for person in self.people.values():
            village = self.resident_here(person.id)
            groups = self.groups(person)
            if village is None:
                continue
            for group in groups | ({"ANY"} if groups & {str(g) for g in KEY_SET} else set()):
                yield village, group, int(self.holds(person.id))

    def groups(self, person: Resident) -> set[str]:
        years = age(person.birth_date, self.day)
        found = {str(Group.ELD)} if years >= 65 else set()
        if person.birth_date <= self.day and years < 7:
            found.add(str(Group.CH6))
        for condition in self.managed_conditions():
            if condition.resident_id == person.id:
                found.add("HTN" if condition.disease == "hypertension" else "T2D")
        for g in self.rows[ResidentGroup]:
            if (
                g.resident_id == person.id
                and g.from_on <= self.day
                and (g.to_on is None or g.to_on >= self.day)
            ):
                found.add(g.code)
        return found

    def managed_conditions(self):
        for c in self.rows[Condition]:
            if c.enrolled_on <= self.day and not self.statuses(c.resident_id, c.id) & CLOSING:
                yield c

    def adults(self):
        for c in self.managed_conditions():
            if age(self.people[c.resident_id].birth_date, self.day) >= 35:
                yield c, self.lives(c.resident_id, c.village_code)

    def counted(self, condition: Condition) -> list[Judgement]:
        start = date(self.day.year, 1, 1)
        found = [
            j
            for j in self.rows[Judgement]
            if j.condition_id == condition.id and j.counted and start <= j.visit_date <= self.day
        ]
        return sorted(found, key=lambda j: (j.visit_date, self.recorded[j.visit_id], j.visit_id))

    def managed(self):
        for c, village in self.adults():
            yield village, str(c.disease), 1

    def standard(self):
        start = date(self.day.year, 1, 1)
        for c, village in self.adults():
            days = (self.day - max(start, c.enrolled_on)).days + 1
            enough = len({quarter(j.visit_date) for j in self.counted(c)}) >= min(4, max(1, days // 90))
            if (self.day.month, self.day.day) == (12, 31) and c.enrolled_on <= start:
                enough = enough and any(
                    k.resident_id == c.resident_id and start <= k.checked_on <= self.day
                    for k in self.rows[Checkup]
                )
            yield village, str(c.disease), int(enough)

    def control(self):
        for c, village in self.adults():
            visits = self.counted(c)
            lost = Status.LOST in self.statuses(c.resident_id, c.id)
            yield village, str(c.disease), int(bool(visits) and bool(visits[-1].on_target) and not lost)

    def timely(self):
        for t in self.rows[Task]:
            young = age(self.people[t.resident_id].birth_date, self.day) < 35
            if young or not t.counts or t.kind is TaskKind.RECONTACT:
                continue
            if not self.period.start <= t.due_on <= self.day or t.opened_on > self.day:
                continue
            if t.cancelled_on is not None and t.cancelled_on <= t.due_on:
                continue
            in_time = t.closed_on is not None and t.closed_on <= t.due_on and bool(t.timely)
            yield self.lives(t.resident_id, t.village_code), str(t.disease), int(in_time)

    def renewal(self):
        by_person = defaultdict(list)
        for c in self.rows[Contract]:
            if c.evidence != "none" and c.voided_at is None:
                by_person[c.resident_id].append(c)
        for contracts in by_person.values():
            for c in contracts:
                early = c.terminated_on is not None and c.terminated_on < c.end_on
                gone = self.statuses(c.resident_id, None, c.end_on) & GONE
                if early or gone or not self.period.start <= c.end_on <= self.day:
                    continue
                followed = any(timedelta(0) < o.start_on - c.end_on <= timedelta(days=30) for o in contracts)
                yield self.lives(c.resident_id, c.village_code), None, int(followed)

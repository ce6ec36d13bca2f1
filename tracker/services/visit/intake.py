"""Visits on their way in: what they need is read before the first is judged, and written after the last.

The statements are the same for one visit and for a hundred. Each visit is judged as if it had come alone,
after those before it; nothing is refused for being late or out of order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.policy import load
from tracker.models import Audit, Judgement, Resident, Visit, VisitSource, VisitVersion
from tracker.schemas.problem import refuse
from tracker.schemas.visit import VisitIn
from tracker.services import audit
from tracker.services.course import course, known
from tracker.services.course.known import Known
from tracker.services.course.rows import Replayed, replayed
from tracker.services.sender import Sender
from tracker.services.store.bulk import Row, apart, insert_into, row_of, run
from tracker.services.store.trip import Answers, Question
from tracker.services.visit.rules import Record, check, last_death, refuse_after_leaving, visitors
from tracker.services.visit.view import shown
from tracker.services.visit.visit import Body, content, version_of
from tracker.services.workforce import duty


@dataclass(frozen=True, slots=True)
class Accepted:
    """A visit that will be stored, and what follows from it."""

    visit: Visit
    replay: Replayed

    def shown(self, locale: str = "zh_Hans_CN") -> Body:
        own = (row for row in self.replay.judgements if row["visit_id"] == self.visit.id)
        judged = {row["disease"]: apart(Judgement, **row) for row in own}
        dues = {condition.disease: course.next_due for condition, course in self.replay.courses}
        return shown(self.visit, judged, dues, locale)


class Intake:
    """Some visits of one sender; the `people`, theirs among them, are locked until the transaction ends.

    What is asked for `more` travels along, and its rows stand in `answers`.
    """

    def __init__(
        self,
        session: Session,
        sender: Sender,
        people: Iterable[UUID],
        typed: Sequence[VisitIn],
        more: Mapping[str, Question],
    ) -> None:
        session.flush()
        self._session, self._sender = session, sender
        self._policy, self._zone = load(), clock.zone()
        self._since = min((visit.visit_date for visit in typed), default=sender.today)
        wanted = sorted(set(people))
        questions = {"locked": (_locking(), {"people": wanted}), "duty": duty.question(sender.staff)}
        questions |= known.questions(wanted, self._policy, self._since)
        self.answers = Answers(session.connection(), {**questions, **more})
        self.residents: dict[UUID, Any] = {row.id: row for row in self.answers["locked"]}
        self._duty = duty.read(sender.staff, self.answers["duty"])
        self._visitors = visitors(session, sender, [visit.visited_by for visit in typed])
        self._begin(known.put_together(self.residents.values(), self.answers, self._since))

    def _begin(self, people: dict[UUID, Known]) -> None:
        self._people = people
        self._replays: dict[UUID, Replayed] = {}
        self._visits: list[Visit] = []

    def accept(self, typed: VisitIn, taken: set[UUID]) -> Accepted:
        """Judge a visit whose id is none of those `taken`; Refused with everything that is wrong with it."""
        person = self._people.get(typed.resident_id)
        if person is None or not self._duty.answers(person.ties, typed.visit_date):
            raise refuse("resident_id", "not_found")
        refuse_after_leaving(self._sender, typed.visit_date, "visit_date")
        visited_by = check(self._sender.today, _record(person), typed, self._visitors.get(typed.visited_by))
        if typed.id in taken:
            raise refuse("id", "id_taken")
        return self._take(person, self._visit(person, typed, visited_by))

    def _visit(self, person: Known, typed: VisitIn, visited_by: UUID) -> Visit:
        resident = person.history.resident
        return apart(
            Visit,
            id=typed.id,
            resident_id=resident.id,
            village_code=resident.village_code,
            village_code_at=person.ties.village_on(typed.visit_date),
            version=1,
            recorded_at=typed.recorded_at,
            received_at=self._sender.at,
            visited_by=visited_by,
            source=VisitSource.TYPED,
            voided_at=None,
            clock_offset=self._sender.clock_offset,
            device_id=self._sender.device_id,
            **content(typed, self._sender, typed.recorded_at),
        )

    def _take(self, person: Known, visit: Visit) -> Accepted:
        person.history.visits.append(visit)
        replay = replayed(person.history, self._policy, self._zone, self._since)
        self._replays[visit.resident_id] = replay
        self._visits.append(visit)
        return Accepted(visit, replay)

    def store(self, connection: Connection) -> None:
        """Write what was accepted."""
        sender = self._sender
        run(connection, insert_into(Visit), [row_of(Visit, visit.__dict__) for visit in self._visits])
        versions = [version_of(visit, "original", sender) for visit in self._visits]
        run(connection, insert_into(VisitVersion), versions)
        course.store(self._session, self._people, self._replays, sender.at, self._since)
        run(connection, insert_into(Audit), [self._act(visit) for visit in self._visits])

    def _act(self, visit: Visit) -> Row:
        return audit.row_of(
            self._sender.actor, self._sender.at, "record visit", "visit", visit.id,
            village_code=visit.village_code,
        )  # fmt: skip

    def store_so_far(self, connection: Connection) -> None:
        """Write, and go on from what is stored then."""
        self.store(connection)
        self._begin(known.read(self._session, self.residents.values(), self._policy, self._since))


def _record(person: Known) -> Record:
    history = person.history
    return Record(last_death(history.statuses), {c.disease: c.enrolled_on for c in history.conditions})


@cache
def _locking() -> Any:
    # In one order, so that nobody deadlocks.
    people = bindparam("people", expanding=True, type_=Uuid())
    wanted = select(Resident.id, Resident.village_code, Resident.birth_date).where(Resident.id.in_(people))
    return wanted.order_by(Resident.id).with_for_update()

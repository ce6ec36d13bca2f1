"""The statuses of one person on one register as periods without gaps, from the day of enrolment."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.domain.course import Period
from tracker.domain.terms import CLOSING, Status

DAY = timedelta(days=1)


def follows(status: Status, before: Status) -> bool:
    """Whether a status takes effect after another one: nothing but a return happens to the dead, and who
    is gone for another reason can only die, leave or come back."""
    if status is Status.ACTIVE:
        return True
    return before is not Status.DEAD and (before not in CLOSING or status in CLOSING)


class Timeline:
    """Built forwards in time; an absence with a last day ends by itself."""

    def __init__(self, since: date) -> None:
        self._past: list[Period] = []
        self._since = since
        self._ends: date | None = None
        self.status = Status.ACTIVE

    def set(self, status: Status, on: date, until: date | None = None) -> None:
        """From `on` the person is `status`, through `until` where that is known."""
        self._ends = None if until is None else max(until, on) + DAY
        if status is self.status:
            return
        if self._since < on:
            self._past.append(Period(self.status, self._since, on))
        self.status, self._since = status, on
        # Undone on the same day: the period before goes on.
        if self._past and self._past[-1].status is status and self._past[-1].to_on == on:
            self._since = self._past.pop().from_on

    def reach(self, day: date) -> None:
        """End an absence that is over on `day`."""
        if self._ends is not None and day >= self._ends:
            self.set(Status.ACTIVE, self._ends)

    def periods(self) -> tuple[Period, ...]:
        last = [Period(self.status, self._since, self._ends)]
        if self._ends is not None:
            last.append(Period(Status.ACTIVE, self._ends, None))
        return (*self._past, *last)

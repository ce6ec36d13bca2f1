"""The commission's home: after the figures of the villages were counted, and when some have changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from sqlalchemy import select, update

from bench.call import Answer, ready
from bench.county import COMMISSION, County
from bench.work import Rows, Side, Work
from tracker import clock
from tracker.jobs import summary
from tracker.models import Judgement, Level, Region, SummaryState, Task


def unchanged(county: County) -> Work:
    return _home(county, "dashboard", "the commission's home, nothing changed since the last count", 0)


def changed(county: County) -> Work:
    what = "the same with changes in one village, which is counted while one waits"
    return _home(county, "dashboard-changed", what, 1)


def behind(county: County) -> Work:
    what = "the same with changes in twenty villages: figures of the last count, with its time"
    return _home(county, "dashboard-behind", what, 20)


def count(county: County) -> Work:
    """What the nightly job does."""
    return Work(
        "summaries-day",
        "counting every village for a new day",
        Side("the job", lambda: _anew(county), lambda _: []),
        (),
        repeat=1,
    )


def _home(county: County, name: str, what: str, villages: int) -> Work:
    headers, _ = county.browser(COMMISSION)
    request = ready(county.app, "/dashboard", headers=headers)
    _fold(county)

    def prepare() -> Callable[[], Answer]:
        if villages:
            _touch(county, villages)
        return request()

    return Work(name, what, Side("GET /dashboard", prepare, _cards), ())


def _cards(answer: Answer) -> Rows:
    return [answer.checked().count(b'class="figure"')]


def _touch(county: County, villages: int) -> None:
    """A judgement and a task of each village are written again, as by a visit: triggers note the village."""
    with county.writing() as session:
        codes = session.scalars(
            select(Region.code).where(Region.level == Level.VILLAGE).order_by(Region.code).limit(villages)
        ).all()
        for code in codes:
            visit = (
                select(Judgement.visit_id).where(Judgement.village_code == code).limit(1).scalar_subquery()
            )
            one = select(Task.id).where(Task.village_code == code).limit(1).scalar_subquery()
            for again in (
                update(Judgement).where(Judgement.visit_id == visit).values(counted=Judgement.counted),
                update(Task).where(Task.id == one).values(counts=Task.counts),
            ):
                session.execute(again.execution_options(synchronize_session=False))


def _anew(county: County) -> Callable[[], object]:
    with county.writing() as session:
        session.execute(update(SummaryState).values(day=None))
    return lambda: _fold(county)


def _fold(county: County) -> object:
    at = datetime.combine(clock.today(), time(1), clock.zone())
    with county.writing() as session:
        return summary.fold(session, clock.today(), at)


WORKS = {
    "dashboard": unchanged,
    "dashboard-changed": changed,
    "dashboard-behind": behind,
    "summaries-day": count,
}

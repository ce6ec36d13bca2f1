"""Storing the made-up county: always the same, to be continued, and as a doctor's visits would leave it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import _empty
from tests.demo.conftest import TODAY, dump, new_session
from tests.factories import a_resident
from tracker.demo.batch import ROWS_AT_MOST
from tracker.demo.loader import Loaded
from tracker.demo.places import Unusable
from tracker.demo.setting import midnight
from tracker.extensions import db
from tracker.models import Condition, Resident, StatusEvent, StatusPeriod
from tracker.services.course import course

Make = Callable[..., Loaded]


class Killed(Exception):
    """Stands for the power cut."""


def test_the_same_seed_makes_the_same_rows_in_two_databases(apps: dict[str, Flask], region_file) -> None:
    from tracker.demo.loader import load

    found = []
    for app in apps.values():
        with app.app_context():
            load(new_session, TODAY, file=region_file, residents=240)
            found.append(dump())
            db.session.remove()
            _empty()
    assert found[0] == found[1]


def test_another_seed_makes_other_people(make: Make) -> None:
    make(residents=60)
    first = dump()
    _empty()
    make(residents=60, seed=2)
    assert not set(first["resident"]) & set(dump()["resident"])


def test_a_broken_run_ends_in_the_same_rows_when_it_is_continued_the_next_day(make: Make) -> None:
    make()
    whole = dump()
    _empty()

    def cut(done: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        make(progress=cut)
    with new_session() as session:
        half = len(session.scalars(select(Resident.id)).all())
    assert 0 < half < 360
    continued = make(today=TODAY + timedelta(days=1))
    assert continued.added == 360 - half
    assert dump() == whole


def test_a_finished_county_is_left_alone(make: Make) -> None:
    assert make(residents=60).added == 60
    before = dump()
    again = make(residents=60, today=TODAY + timedelta(days=9))
    assert (again.added, again.residents, again.today) == (0, 60, TODAY)
    assert dump() == before


def test_no_transaction_brings_more_than_two_thousand_rows(make: Make, monkeypatch) -> None:
    from tracker.demo.batch import Batch

    sizes = []
    store = Batch.store
    monkeypatch.setattr(
        Batch, "store", lambda batch, session: (sizes.append(batch.size), store(batch, session))
    )
    make()
    assert len(sizes) > 1
    assert max(sizes) <= ROWS_AT_MOST


def test_real_people_keep_the_demo_out(make: Make, session) -> None:
    a_resident(session)
    session.commit()
    with pytest.raises(Unusable, match="不是演示数据"):
        make()


def test_another_wish_does_not_mix_with_what_is_there(make: Make) -> None:
    make(residents=60)
    with pytest.raises(Unusable, match="另一份演示数据"):
        make(residents=60, seed=2)


def test_judging_people_again_by_the_one_replay_changes_nothing(make: Make, session) -> None:
    make()
    before = dump()
    eventful = select(StatusEvent.resident_id).union(select(StatusPeriod.resident_id))
    patients = session.scalars(
        select(Resident)
        .where(Resident.id.in_(select(Condition.resident_id)) | Resident.id.in_(eventful))
        .order_by(Resident.id)
    ).all()
    assert len(patients) > 30
    course.rewrite(session, patients, midnight(TODAY))
    session.commit()
    assert dump() == before

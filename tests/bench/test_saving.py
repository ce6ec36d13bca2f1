"""Visits over HTTP by some clients at once, shortly: every one is stored, nothing is judged."""

from __future__ import annotations

import pytest

from bench.county import County, county
from bench.saving import API, PAGE, measure, table
from tracker import clock

VISITS = "SELECT count(*) FROM {} WHERE visit_date = :day"


def stored(made: County, table: str) -> int:
    return int(made.plain.all(VISITS.format(table), day=made.day.isoformat())[0][0])


@pytest.mark.parametrize(("kind", "by"), [("sqlite", PAGE), ("postgresql", API)])
def test_what_clients_send_is_stored_by_the_product_and_by_its_floor(kind: str, by: str) -> None:
    with county(kind, 300, clock.today()) as made:
        before = stored(made, "visit")
        ours, floor = measure(made, 2, 0.5, by)
        assert 0 < len(ours.seconds) <= stored(made, "visit") - before
        assert 0 < len(floor.seconds) <= stored(made, "bench_visit") - before  # a copy, to begin with
    assert by in table(ours, floor, by)

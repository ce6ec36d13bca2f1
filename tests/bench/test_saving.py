"""Visits over HTTP by some clients at once, shortly: every one is stored, nothing is judged."""

from __future__ import annotations

import pytest

from bench.county import KINDS, county
from bench.saving import measure, table
from tracker import clock

VISITS = "SELECT count(*) FROM {} WHERE visit_date = :day"


@pytest.mark.parametrize("kind", KINDS)
def test_what_clients_send_is_stored_by_the_product_and_by_its_floor(kind: str) -> None:
    with county(kind, 300, clock.today()) as made:
        ours, floor = measure(made, 2, 0.5)
        stored = [
            made.plain.all(VISITS.format(name), day=made.day.isoformat())[0][0]
            for name in ("visit", "bench_visit")
        ]
    assert 0 < len(ours.seconds) <= stored[0]
    assert 0 < len(floor.seconds) <= stored[1] - stored[0]
    assert "a second" in table(ours, floor)

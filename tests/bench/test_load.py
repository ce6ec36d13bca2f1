"""The load generator and the start of the server, shortly: everything is answered, nothing is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bench import beside
from bench.brought import Brought
from bench.county import County, county
from bench.load import load
from bench.load_table import processes
from bench.visitor import Asked, Visitor, Wrong, read
from bench.work import measure
from bench.works import WORKS
from tracker import clock


@pytest.fixture(scope="module")
def small() -> Iterator[County]:
    with county("sqlite", 300, clock.today()) as made:
        yield made


def test_five_doctors_work_for_a_while_and_are_answered(small: County) -> None:
    with beside.ready(small, ["scan"], rows=20) as meanwhile:
        found = load(small, 5, 8, 0.2, workers=1, meanwhile=meanwhile)
        assert Brought(small.plain).count()["resident"] > 0
    assert Brought(small.plain).count() == {}
    assert [each.wrong for each in found.asked if each.wrong] == []
    assert "list" in {each.page for each in found.asked}
    assert [each.name for each in found.beside[:2]] == ["scan", "import"]
    assert len(found.workers) == 1
    assert "web worker 1" in processes(found)


@pytest.mark.parametrize("name", ["start-help", "start-server"])
def test_a_start_ends_well_as_its_floor_does(small: County, name: str) -> None:
    found = measure(WORKS[name](small), repeat=1)
    assert found.rows == [0]
    assert all(computing > 0 for times in (found.ours, *found.floors) for computing in times.computing)


def test_an_answer_in_pieces_is_put_together() -> None:
    answer = read(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nlist\r\n5\r\n here\r\n0\r\n\r\n"
    )
    assert (answer.status, answer.text) == (200, "list here")


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-Len", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nlist"]
)
def test_an_answer_that_is_cut_off_counts_as_wrong(said: bytes) -> None:
    async def cut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async def ask() -> list[Asked]:
        server = await asyncio.start_server(cut, "127.0.0.1")
        async with server:
            visitor = Visitor(server.sockets[0].getsockname()[1], "")
            with pytest.raises(Wrong):
                await visitor.get("list", "/worklist")
        return visitor.asked

    (asked,) = asyncio.run(ask())
    assert asked.wrong != ""

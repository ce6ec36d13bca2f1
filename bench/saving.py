"""`python -m bench.saving`: visits saved over HTTP by some clients at once, beside a bare Flask application.

Both run under the same server settings on 127.0.0.1; every client sends its next visit when the last one is
answered: by the API with a token, or by the page as a browser does, with session, form and CSRF token. What
the clients themselves compute is told apart, for they use the same processors.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import click

from bench import machine
from bench.county import KINDS, County
from bench.making import county
from bench.patient import Patient, body, form, patients
from bench.plain_visit import completed, make_tables
from bench.server import HOST, WORKERS, Server, bare, environment, launch, serving
from bench.table import ms, ruled
from bench.work import place
from tests.postgres import free_port

LEADS = """
    SELECT s.username, m.team_id FROM staff s JOIN membership m ON m.staff_id = s.id
    WHERE s.role = 'team_lead' ORDER BY s.username
"""
WARM_UP = 1.0
TURNS = 4
API, PAGE = "api", "page"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Answer = Callable[[bytes, bytes], bool]
"""Whether head and body of an answer say that the visit is stored."""
SAVED: dict[str, Answer] = {
    API: lambda head, answer: b" 200 " in head[:16] and b"rejected" not in answer,
    PAGE: lambda head, _answer: b" 302 " in head[:16] and b"done=recorded" in head,
}


@dataclass(frozen=True, slots=True)
class Client:
    """Whose visits one connection sends: those of a team's patients, as its lead, signed in either way."""

    headers: dict[str, str]
    people: Iterator[Patient]
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    seconds: Sequence[float]
    lasted: float
    own: float
    """Seconds that the clients computed."""

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.lasted


def measure(made: County, count: int, lasts: float, by: str = API) -> tuple[Saved, Saved]:
    """The product and the bare application in turns; while one is asked, the other has nothing to do."""
    known, source = clients(made, count, by), {API: _called, PAGE: _typed}[by]
    make_tables(made.plain)
    with serving(made.app) as server, _bare(made) as other:
        ours = server.port, [source(made, each) for each in known], SAVED[by]
        floor = other.port, [_plain(made, each) for each in known], SAVED[API]
        for side in (ours, floor):
            asyncio.run(_all(*side, WARM_UP))
        turns = [[asyncio.run(_all(*side, lasts / TURNS)) for side in (ours, floor)] for _ in range(TURNS)]
    return _together([one for one, _ in turns]), _together([other for _, other in turns])


def _together(parts: Sequence[Saved]) -> Saved:
    seconds = sorted(taken for part in parts for taken in part.seconds)
    return Saved(seconds, sum(part.lasted for part in parts), sum(part.own for part in parts))


def clients(made: County, count: int, by: str = API) -> list[Client]:
    """Teams in turns; those of one team share its patients, and each has a session of its own."""
    leads = [(name, patients(made, str(team))) for name, team in made.plain.all(LEADS)]
    turns = [leads[number % len(leads)] for number in range(count)]
    if by == API:
        return [Client(made.api(name), people) for name, people in turns]
    signed_in = [(*made.browser(name), people) for name, people in turns]
    return [Client(headers, people, csrf) for headers, csrf, people in signed_in]


@contextlib.contextmanager
def _bare(made: County) -> Iterator[Server]:
    port = free_port()
    log = Path(made.app.config["SETTINGS"].instance) / "bare.log"
    server = launch(bare("bench.bare:app", port), environment(made.app, port), port, log)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _called(made: County, client: Client) -> Iterator[bytes]:
    for person in client.people:
        sent = json.dumps({"visits": [body(made, person)]})
        yield _request("/api/v1/visits", JSON, sent, client.headers)


def _typed(made: County, client: Client) -> Iterator[bytes]:
    for person in client.people:
        sent = urlencode({**form(made), "csrf_token": client.csrf}, doseq=True)
        yield _request(f"/residents/{person.id}/visits/new", FORM, sent, client.headers)


def _plain(made: County, client: Client) -> Iterator[bytes]:
    for person in client.people:
        whole = completed(body(made, person), person.village_code, person.task_id, made.day)
        yield _request("/", JSON, json.dumps(whole), {})


def _request(path: str, kind: str, content: str, headers: dict[str, str]) -> bytes:
    sent = content.encode()
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Type: {kind}"]
    lines += [f"Content-Length: {len(sent)}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + sent


async def _all(port: int, sources: Sequence[Iterator[bytes]], saved: Answer, lasts: float) -> Saved:
    began, own = time.perf_counter(), _own()
    found = await asyncio.gather(*(_client(port, each, began + lasts, saved) for each in sources))
    lasted = time.perf_counter() - began
    return Saved([taken for each in found for taken in each], lasted, _own() - own)


async def _client(port: int, source: Iterator[bytes], until: float, saved: Answer) -> list[float]:
    """One connection that is kept; AssertionError at an answer that saved nothing."""
    reader, writer = await asyncio.open_connection(HOST, port)
    taken = []
    try:
        while (began := time.perf_counter()) < until:
            writer.write(next(source))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            answer = await reader.readexactly(length)
            assert saved(head, answer), (head + answer).decode()[:2000]
            taken.append(time.perf_counter() - began)
    finally:
        writer.close()
    return taken


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def table(ours: Saved, floor: Saved, by: str = API) -> str:
    head = ("", "visits", "a second", "p50", "p99", "p99 / p50", "longest", "clients' cores")
    rows = [_row(f"saved by the product ({by})", ours), _row("bare Flask: INSERT, UPDATE, commit", floor)]
    return f"{ruled([head, *rows])}\n\n{floor.rate / ours.rate:.1f} × the floor."


def _row(name: str, saved: Saved) -> tuple[str, ...]:
    p50, p99 = (saved.seconds[place(percent, len(saved.seconds))] for percent in (50, 99))
    return (
        name, str(len(saved.seconds)), f"{saved.rate:.0f}", ms(p50), ms(p99), f"{p99 / p50:.1f}",
        ms(saved.seconds[-1]), f"{saved.own / saved.lasted:.2f}",
    )  # fmt: skip


@click.command(help=__doc__)
@click.option("--size", default=10_000, show_default=True, type=click.IntRange(100, 5_000_000))
@click.option("--database", default="postgresql", show_default=True, type=click.Choice(KINDS))
@click.option("--clients", "count", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0.5, 600))
@click.option("--by", default=API, show_default=True, type=click.Choice((API, PAGE)))
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="As for `python -m bench`.")
def main(size: int, database: str, count: int, seconds: float, by: str, keep: Path | None) -> None:
    with county(database, size, keep) as made:
        click.echo(f"### {machine.database(made.plain)}\n\n{size:,} residents. {machine.describe()}.")
        before = machine.load()
        found = measure(made, count, seconds, by)
        click.echo(
            f"{count} clients, {WORKERS} workers. Load average before {before}, after {machine.load()}.\n"
        )
        click.echo(table(*found, by))


if __name__ == "__main__":
    main()

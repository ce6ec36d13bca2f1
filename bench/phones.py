"""`python -m bench.phones`: many phones at once hand in what was recorded without a line, then fetch.

The line of a county comes back: each phone finds its own within `--over` seconds, with 0 in the same moment.
Each asks for a nonce, sends its visits sealed and signed in one call, asks who is signed in, and fetches.
Only 127.0.0.1 is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import machine
from bench.county import KINDS, County
from bench.day import people_of
from bench.making import county
from bench.patient import Patient, body
from bench.server import HOST, WORKERS, serving
from bench.table import ms, ruled
from bench.visitor import read
from bench.work import place
from tests.devices import sealed, text_of
from tracker import clock
from tracker.domain.roles import Role
from tracker.models import Staff
from tracker.models.seal_key import point_of
from tracker.schemas.device import DeviceIn
from tracker.services.account import web_session
from tracker.services.account.web_session import Client
from tracker.services.audit import Actor
from tracker.services.phone import device
from tracker.services.sync import cursor as sync_cursor

API = "/api/v1"
STEPS = ("nonce", "visits", "session", "sync")


@dataclass(slots=True)
class Phone:
    id: str
    key: ec.EllipticCurvePrivateKey
    cookie: str
    visits: list[dict[str, Any]]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Took:
    step: str
    seconds: float


def phones(made: County, count: int, each: int) -> list[Phone]:
    """Registered phones of the village doctors there are, in turns, with visits waiting on them."""
    with made.app.app_context(), made.writing() as session:
        asked = select(Staff).where(Staff.role == Role.VILLAGE_DOCTOR, Staff.active).order_by(Staff.username)
        doctors = [(staff, iter(own)) for staff in session.scalars(asked) if (own := people_of(made, staff))]
        ready = [_phone(made, session, *doctors[n % len(doctors)], each) for n in range(count)]
    return [phone for phone in ready if phone.visits]


def _phone(made: County, session: Session, staff: Staff, people: Iterator[Any], each: int) -> Phone:
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    given = DeviceIn(id=uuid4(), name="手机", public_key=text_of(point_of(key.public_key())))
    registered, _new = device.register(session, Actor(staff.id, staff.role), staff, given, "load", now)
    cookie = web_session.start(session, staff, now, Client(agent="load"), {})
    own = [Patient(person, "", "") for person, _ in zip(people, range(each), strict=False)]
    return Phone(str(registered.id), key, cookie, [sealed(body(made, patient)) for patient in own])


async def run(port: int, all_: Sequence[Phone], over: float) -> tuple[list[Took], list[float], float]:
    """Each request, each phone's whole time, and the time until the last one was done; in seconds."""
    took: list[Took] = []
    chance = random.Random(0)
    began = time.perf_counter()
    whole = await asyncio.gather(*(_hand_in(port, phone, took, chance.uniform(0, over)) for phone in all_))
    return took, whole, time.perf_counter() - began


async def _hand_in(port: int, phone: Phone, took: list[Took], after: float) -> float:
    await asyncio.sleep(after)
    began = time.perf_counter()
    nonce = (await _ask(port, took, "nonce", "POST", f"{API}/devices/{phone.id}/challenge", {}))["nonce"]
    sent = json.dumps({"visits": phone.visits}).encode()
    headers = {
        "Authorization": f"Device {phone.id} {nonce} {_signature(phone, f'{API}/visits', nonce, sent)}"
    }
    answer = await _ask(port, took, "visits", "POST", f"{API}/visits", headers, sent)
    accepted = [result["id"] for result in answer["results"] if result["status"] == "accepted"]
    assert accepted == [visit["id"] for visit in phone.visits], answer
    cookie = {"Cookie": f"session={phone.cookie}"}
    await _ask(port, took, "session", "GET", f"{API}/session", cookie)
    page = await _ask(port, took, "sync", "GET", f"{API}/sync?limit=500&cursor={phone.cursor}", cookie)
    phone.cursor = page["cursor"]
    return time.perf_counter() - began


def _signature(phone: Phone, path: str, nonce: str, sent: bytes) -> str:
    said = f"POST {path} {nonce} {hashlib.sha256(sent).hexdigest()}".encode()
    r, s = decode_dss_signature(phone.key.sign(said, ec.ECDSA(SHA256())))
    return text_of(r.to_bytes(32) + s.to_bytes(32))


async def _ask(
    port: int, took: list[Took], step: str, method: str, path: str, headers: dict[str, str], sent: bytes = b""
) -> Any:
    began = time.perf_counter()
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Connection: close",
        "Accept-Encoding: gzip",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}", "", ""]
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write("\r\n".join(lines).encode() + sent)
        reply = read(await reader.read())
    finally:
        writer.close()
    assert reply.status == 200, (step, reply.status, reply.text[:500])
    took.append(Took(step, time.perf_counter() - began))
    return json.loads(reply.text)


async def cursors(port: int, all_: Sequence[Phone]) -> None:
    """Where each phone's list stands before the line comes back: as if it had fetched the whole of it."""
    for phone in all_:
        cookie = {"Cookie": f"session={phone.cookie}"}
        page = await _ask(port, [], "sync", "GET", f"{API}/sync?limit=1", cookie)
        begun = sync_cursor.read(page["cursor"])
        assert begun, page
        phone.cursor = str(begun.done())


def table(took: Sequence[Took], whole: Sequence[float], lasted: float, visits: int) -> str:
    head = ("request", "times", "p50", "p95", "longest")
    rows = [_row(step, [each.seconds for each in took if each.step == step]) for step in STEPS]
    rows.append(_row("all requests", [each.seconds for each in took]))
    rows.append(_row("a phone from beginning to end", whole))
    return f"{ruled([head, *rows])}\n\n{visits} visits in {lasted:.1f} s: {visits / lasted:.0f} a second."


def _row(name: str, seconds: Sequence[float]) -> tuple[str, ...]:
    times = sorted(seconds)
    shown = [ms(times[place(percent, len(times))]) for percent in (50, 95)]
    return name, str(len(times)), *shown, ms(times[-1])


@click.command(help=__doc__)
@click.option("--size", default=10_000, show_default=True, type=click.IntRange(100, 5_000_000))
@click.option("--database", default="postgresql", show_default=True, type=click.Choice(KINDS))
@click.option("--phones", "count", default=300, show_default=True, type=click.IntRange(1, 1000))
@click.option("--visits", "each", default=5, show_default=True, type=click.IntRange(1, 25))
@click.option("--over", default=20.0, show_default=True, type=click.FloatRange(0, 600), help="Seconds.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="As for `python -m bench`.")
def main(size: int, database: str, count: int, each: int, over: float, keep: Path | None) -> None:
    with county(database, size, keep) as made:
        click.echo(f"### {machine.database(made.plain)}\n\n{size:,} residents. {machine.describe()}.")
        all_ = phones(made, count, each)
        with serving(made.app) as server:
            asyncio.run(cursors(server.port, all_))
            before = machine.load()
            found = asyncio.run(run(server.port, all_, over))
        busy = f"Load average before {before}, after {machine.load()}."
        visits = sum(len(phone.visits) for phone in all_)
        click.echo(
            f"{len(all_)} phones within {over:g} s, {WORKERS} workers. {busy}\n\n{table(*found, visits)}"
        )


if __name__ == "__main__":
    main()

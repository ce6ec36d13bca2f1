"""Requests that a phone has signed: `Authorization: Device <id> <nonce> <signature>`.

The phone works without a session, and for a month after it was revoked or its owner's account disabled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, request
from sqlalchemy import insert
from werkzeug.exceptions import Forbidden

from tracker import clock, database
from tracker.extensions import db
from tracker.models import Audit, Staff
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.phone import challenge, device
from tracker.services.phone.challenge import Signed

KIND = "device"
BODY_AT_MOST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone that signed this request and who it belongs to; `ended_at` once it may only deliver."""

    id: UUID
    owner: Staff
    ended_at: datetime | None


class Ended(Forbidden):
    """The month is over in which a phone could still deliver; it keeps what it has."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.problem_code = code


def signs(header: str) -> bool:
    return header.partition(" ")[0].lower() == KIND


def phone(header: str, client: Actor) -> Phone | None:
    """Who has signed the request; None where nobody has, or not for the first time. Uses the nonce up."""
    signed, now = Signed.read(header.partition(" ")[2]), clock.now()
    if (request.content_length or 0) > BODY_AT_MOST:
        abort(413)
    if signed is None:
        return None
    with database.reader(db.engine) as reading:
        found = challenge.signer(reading, signed)
        reading.expunge_all()
    if found is None:
        return None
    known, owner = found
    genuine = signed.by(known, request.method, _path(), request.get_data())
    if not _first(signed, genuine, Actor(owner.id, owner.role, client.address, f"phone {known.id}"), now):
        return None
    ended = device.ended_at(known, owner)
    if ended is not None and now > ended + device.GRACE:
        raise Ended("device_revoked" if owner.active else "account_disabled")
    return Phone(known.id, owner, ended)


def _path() -> str:
    asked = request.query_string.decode("latin-1")
    return f"{request.path}?{asked}" if asked else request.path


def _first(signed: Signed, genuine: bool, actor: Actor, at: datetime) -> bool:
    """In a transaction of its own: what becomes of the request does not give the nonce back."""
    with db.engine.connect().execution_options(**database.WRITE) as connection, connection.begin():
        if genuine and challenge.use(connection, signed, at):
            return True
        row = audit.row_of(actor, at, "sign request", "device", signed.device_id, result="refused")
        connection.execute(insert(Audit), [row])
    return False

"""Phones: registered by their owner, lent a share for 72 hours at a time, revoked by their lead.

A revoked phone, or one of a disabled account, reads nothing more; what lies on it may be delivered for a
month. Nothing here destroys what has not been sent.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.roles import Role
from tracker.models import Device, Membership, Staff
from tracker.schemas.device import DeviceIn
from tracker.schemas.problem import Problem, Refused
from tracker.services import audit
from tracker.services.account import web_session
from tracker.services.audit import Actor
from tracker.services.visit import repeat
from tracker.services.workforce import staff as people
from tracker.services.workforce.scope import NotFound, Scope

LEASE = timedelta(hours=72)
GRACE = timedelta(days=30)
SILENT = timedelta(days=1)
AT_MOST = 20
"""Phones of one person that are in use."""
MANAGERS = frozenset(people.MANAGES)


def register(
    session: Session, actor: Actor, owner: Staff, given: DeviceIn, agent: str, at: datetime
) -> tuple[Device, bool]:
    """The new phone and True, or the one that the same body made before and False.

    Refused (conflict) for an id or key that is another's, and for a phone that was revoked.
    """
    known = session.get(Device, given.id)
    if known is not None:
        if (known.staff_id, known.public_key) != (owner.id, given.public_key):
            raise repeat.taken()
        if known.revoked_at is not None:
            raise Refused(Problem("id", "device_revoked"), conflict=True)
        known.name, known.last_seen_at = given.name.strip(), at
        return known, False
    _refuse_too_many(session, owner)
    share = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    device = Device(
        id=given.id, staff_id=owner.id, name=given.name.strip(), public_key=given.public_key, share=share,
        user_agent=agent[:200], registered_at=at, last_seen_at=at, revoked_for="", last_sequence=0,
        arrived_to=0, arrived_later=[],
    )  # fmt: skip
    session.add(device)
    session.flush()
    audit.record(session, actor, at, "register device", "device", device.id)
    return device, True


def _refuse_too_many(session: Session, owner: Staff) -> None:
    count = select(func.count()).where(Device.staff_id == owner.id, Device.revoked_at.is_(None))
    if (session.scalar(count) or 0) >= AT_MOST:
        raise Refused(Problem("id", "devices_many", {"most": AT_MOST}), conflict=True)


def lease(session: Session, actor: Actor, device: Device, at: datetime) -> datetime:
    """Until when the share is lent from now on. Ask before whether the phone has been revoked."""
    device.last_seen_at = at
    audit.record(session, actor, at, "lease device", "device", device.id)
    return at + LEASE


def revoke(
    session: Session, actor: Actor, device: Device, reason: str, at: datetime, kept: bytes = b""
) -> None:
    """Lend and show it nothing more. Revoking it again changes nothing.

    Nobody knows which of its owner's browser sessions is the phone's: all end but `kept`, that of the asker.
    """
    if device.revoked_at is not None:
        return
    web_session.end_others(session, device.staff_id, kept)
    device.revoked_at, device.revoked_by, device.revoked_for = at, actor.staff_id, reason.strip()
    audit.record(session, actor, at, "revoke device", "device", device.id, reason=reason.strip())


def ended_at(device: Device, owner: Staff) -> datetime | None:
    """Since when the phone may only deliver; None while it works."""
    ends = [at for at in (device.revoked_at, None if owner.active else owner.disabled_at) if at is not None]
    if not owner.active and owner.disabled_at is None:
        return datetime.min.replace(tzinfo=device.registered_at.tzinfo)
    return min(ends, default=None)


def in_use(session: Session, key: UUID) -> bool | None:
    """Whether a phone may still be read; None for one that is not known here, as after an older backup."""
    query = select(Device, Staff).join(Staff, Staff.id == Device.staff_id).where(Device.id == key)
    row = session.execute(query).first()
    return None if row is None else ended_at(row[0], row[1]) is None


def of_staff(session: Session, staff_id: UUID) -> Sequence[Device]:
    """All phones of one person, those in use first."""
    return session.scalars(
        select(Device)
        .where(Device.staff_id == staff_id)
        .order_by(Device.revoked_at.is_not(None), Device.last_seen_at.desc(), Device.id)
    ).all()


def own(session: Session, owner: Staff, key: UUID) -> Device:
    """One of a person's own phones; NotFound otherwise."""
    found = session.get(Device, key)
    if found is None or found.staff_id != owner.id:
        raise NotFound("device")
    return found


def looked_after(session: Session, asking: Scope, key: UUID) -> Device:
    """A phone of one's own or of somebody one answers for; NotFound otherwise."""
    found = session.get(Device, key)
    if found is None or found.staff_id not in owners(session, asking) | {asking.staff_id}:
        raise NotFound("device")
    return found


def owners(session: Session, asking: Scope) -> set[UUID]:
    """Whose phones one looks after: the people one manages, or the members of the teams one leads."""
    if asking.role in MANAGERS:
        return {person.id for person in people.managed(session, asking)}
    if asking.role is not Role.TEAM_LEAD:
        return set()
    lead, member = aliased(Membership), aliased(Membership)
    led = (
        select(member.staff_id)
        .join(lead, lead.team_id == member.team_id)
        .where(lead.staff_id == asking.staff_id, lead.from_on <= asking.on)
        .where((lead.to_on.is_(None)) | (lead.to_on >= asking.on))
    )
    return set(session.scalars(led))


def listed(session: Session, asking: Scope) -> list[tuple[Device, Staff]]:
    """The phones that one looks after with their owners: what is missing first, then the latest used."""
    wanted = owners(session, asking)
    rows = session.execute(
        select(Device, Staff)
        .join(Staff, Staff.id == Device.staff_id)
        .where(Device.staff_id.in_(wanted))
        .order_by(Device.last_seen_at.desc(), Device.id)
    )
    return sorted(((device, owner) for device, owner in rows), key=lambda row: -row[0].missing)


def unheard(session: Session, asking: Scope, at: datetime) -> list[Device]:
    """Phones whose records may be lost: silent for a day, or their owner has set up another one since."""
    other = aliased(Device)
    newest = select(func.max(other.registered_at)).where(other.staff_id == Device.staff_id).scalar_subquery()
    rows = session.execute(
        select(Device, newest)
        .where(Device.staff_id.in_(owners(session, asking)), Device.last_sequence > Device.arrived_to)
        .order_by(Device.last_seen_at.desc(), Device.id)
    )
    return [
        phone
        for phone, latest in rows
        if phone.missing and (phone.last_seen_at < at - SILENT or phone.last_seen_at < latest)
    ]

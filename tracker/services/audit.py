"""Records an act in the act's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Audit
from tracker.models.base import Json


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff at an address, or a command or job (no staff)."""

    staff_id: UUID | None = None
    role: Role | None = None
    address: str = ""
    device: str = ""


SYSTEM = Actor(device="system")
"""Jobs and commands of the host."""


def record(
    session: Session,
    actor: Actor,
    at: datetime,
    action: str,
    object_type: str = "",
    object_id: UUID | str = "",
    *,
    village_code: str = "",
    reason: str = "",
    result: str = "done",
    details: Json | None = None,
) -> None:
    """Add one row: `action` is a verb and a noun ("record visit"), `details` holds no personal text."""
    session.add(
        Audit(
            **row_of(
                actor, at, action, object_type, object_id, village_code=village_code, reason=reason,
                result=result, details=details,
            )
        )
    )  # fmt: skip


def row_of(
    actor: Actor,
    at: datetime,
    action: str,
    object_type: str = "",
    object_id: UUID | str = "",
    *,
    village_code: str = "",
    reason: str = "",
    result: str = "done",
    details: Json | None = None,
) -> Json:
    """The same as a row, for acts that are stored many at once."""
    return {
        "at": at,
        "staff_id": actor.staff_id,
        "role": str(actor.role or ""),
        "address": actor.address,
        "device": actor.device,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "village_code": village_code,
        "reason": reason,
        "result": result,
        "details": details or {},
    }

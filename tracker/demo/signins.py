"""One sign-in per role for a try-out: passwords are fresh each time, and nobody else of the demo has one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.roles import Role
from tracker.models import Staff
from tracker.services.account import account, password
from tracker.services.audit import SYSTEM

FILE = "demo-signins.txt"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
USERNAMES = {
    Role.VILLAGE_DOCTOR: "d0001",
    Role.TEAM_LEAD: "lead01",
    Role.TOWNSHIP_ADMIN: "town01",
    Role.COUNTY_DOCTOR: "county01",
    Role.COMMISSION: "commission",
    Role.AUDITOR: "auditor",
    Role.SYSADMIN: "sysadmin",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    role: Role
    username: str
    password: str


def make(session: Session, at: datetime) -> list[SignIn]:
    """Give the first person of each role a random password; sign-ins under an older one are dead."""
    found = session.scalars(select(Staff).where(Staff.username.in_(USERNAMES.values())))
    known = {staff.username: staff for staff in found}
    made = []
    for role, username in USERNAMES.items():
        groups = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))
        made.append(SignIn(role, username, "-".join(groups)))
        account.set_password(session, SYSTEM, known[username], password.make(made[-1].password), at)
    return made


def write(path: Path, made: Sequence[SignIn]) -> str:
    """Write them down for the owner of the file alone; the text that was written."""
    text = "".join(f"{each.username:<12} {each.password}  {each.role}\n" for each in made)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    fresh.replace(path)
    return text

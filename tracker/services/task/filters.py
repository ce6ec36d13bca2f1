"""The filters of the task lists as they stand in an address, read into `Wanted`.

A place, team or doctor that is unknown or outside the scope gives an empty list, like one without tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.terms import Disease, TaskKind
from tracker.models import Staff, Team
from tracker.schemas.problem import refuse
from tracker.services.task.task import Bucket, View, Wanted

Choice = TypeVar("Choice", bound=StrEnum)
NOBODY = UUID(int=0)
YEARS = range(1990, 2200)
LONGEST_CODE = 12


def read(session: Session, asked: Mapping[str, str], view: View = View.DUE) -> Wanted:
    """The filters; Refused names the first argument that cannot be one. `view` where none is asked for."""
    return Wanted(
        view=choice(asked, "view", View) or view,
        places=tuple(code for key in ("region", "village") if (code := _place(asked, key))),
        team_id=_team(session, asked.get("team", "")),
        doctor_id=_doctor(session, asked.get("doctor", "")),
        disease=choice(asked, "disease", Disease),
        kind=choice(asked, "kind", TaskKind),
        bucket=choice(asked, "bucket", Bucket),
    )


def day(asked: Mapping[str, str], today: date) -> date:
    """`as_of`, today where it is left out."""
    text = asked.get("as_of", "")
    if not text:
        return today
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise refuse("as_of", "date_type") from None
    if len(text) != 10 or found.year not in YEARS:
        raise refuse("as_of", "date_type")
    return found


def choice(asked: Mapping[str, str], name: str, kind: type[Choice]) -> Choice | None:
    """An argument that is one of a closed list."""
    text = asked.get(name, "")
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        raise refuse(name, "enum", expected=", ".join(kind)) from None


def _place(asked: Mapping[str, str], name: str) -> str:
    text = asked.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= LONGEST_CODE):
        raise refuse(name, "string_pattern_mismatch")
    return text


def _team(session: Session, text: str) -> UUID | None:
    """By id or by name, which is unique in a county."""
    if not text:
        return None
    key = _uuid(text)
    if key is not None:
        return key
    return session.scalar(select(Team.id).where(Team.name == text).limit(1)) or NOBODY


def _doctor(session: Session, text: str) -> UUID | None:
    if not text:
        return None
    key = _uuid(text)
    if key is not None:
        return key
    return session.scalar(select(Staff.id).where(Staff.username == text)) or NOBODY


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

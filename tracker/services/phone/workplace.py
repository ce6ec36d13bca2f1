"""What the forms of a doctor's phone offer without a network: villages with their teams, and packages."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Staff
from tracker.services.contract import package
from tracker.services.workforce import region, responsibility
from tracker.services.workforce.scope import scope_of


def workplace(session: Session, staff: Staff, today: date) -> dict[str, list[dict[str, Any]]]:
    """Where somebody may register people and with which team, and what may be signed today."""
    villages = region.in_scope(session, scope_of(session, staff, today))
    answering = responsibility.directory(session, today, {village.code for village in villages})
    teams = {village.code: answering.village_teams.get(village.code) for village in villages}
    return {
        "villages": [
            {"code": v.code, "name": v.name, "team": team.name if (team := teams[v.code]) else ""}
            for v in villages
        ],
        "packages": [{"code": p.code, "name": p.name} for p in package.offered(session)],
    }

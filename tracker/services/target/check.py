"""The monthly look at targets: whose contract rates have fallen behind the pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.domain.indicator import Key, Period
from tracker.domain.roles import Role
from tracker.models import Alert, AlertKind, Level, Region
from tracker.models.base import Json
from tracker.services import alert
from tracker.services.indicator import figures
from tracker.services.target.pace import Standing, standings, targets

JOB = "target-check"
CHECKED = (Key.CONTRACT, Key.KEY_CONTRACT)
BATCH = 500


def check_targets(session: Session, day: date, at: datetime) -> Json:
    """Raise one alert a month for each region, indicator and group behind its pace, resolve the others.

    A second run for the same day writes nothing.
    """
    aims = {key for _region, key, _group in targets(session, day.year)} & set(CHECKED)
    asked = Period(date(day.year, 1, 1), day, day)
    codes = _codes(session)
    found = standings(session, figures(session, codes, asked, sorted(aims)), day) if aims else []
    behind = [standing for standing in found if standing.behind]
    new = _raise(session, behind, day, at)
    _resolve(session, {_key(standing, day) for standing in behind}, at)
    checked = sum(standing.target is not None for standing in found)
    return {"job": JOB, "as_of": day.isoformat(), "checked": checked, "behind": len(behind), "new": new}


def _codes(session: Session) -> Sequence[str]:
    counted = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    return session.scalars(select(Region.code).where(Region.level.in_(counted)).order_by(Region.code)).all()


def _raise(session: Session, behind: Sequence[Standing], day: date, at: datetime) -> int:
    rows = [_row(standing, day, at) for standing in behind]
    parts = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
    return sum(alert.raise_each(session, part) for part in parts)


def _row(standing: Standing, day: date, at: datetime) -> Json:
    figure = standing.figure
    county = len(figure.region_code) <= 6
    return {
        "kind": AlertKind.TARGET,
        "key": _key(standing, day),
        "role": Role.COMMISSION if county else Role.TOWNSHIP_ADMIN,
        "region_code": figure.region_code,
        "code": "behind_target",
        "params": {
            "indicator": str(figure.key),
            "group": figure.group,
            "rate": str(figure.rate),
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "pace": str(standing.pace),
            "target": str(standing.target),
        },
        "raised_on": day,
        "raised_at": at,
    }


def _key(standing: Standing, day: date) -> str:
    figure = standing.figure
    return f"target:{day:%Y-%m}:{figure.region_code}:{figure.key}:{figure.group or ''}"


def _resolve(session: Session, standing_keys: set[str], at: datetime) -> None:
    """Those of earlier months, and those of regions that have caught up."""
    open_keys = session.scalars(
        select(Alert.key).where(Alert.kind == AlertKind.TARGET, Alert.resolved_at.is_(None))
    ).all()
    done = [key for key in open_keys if key not in standing_keys]
    for i in range(0, len(done), BATCH):
        session.execute(update(Alert).where(Alert.key.in_(done[i : i + BATCH])).values(resolved_at=at))

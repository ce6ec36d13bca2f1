"""The nightly scan: each overdue task is recorded once, and the longer it lasts the more people are told.

The doctor after 1 day, the team's lead after 7, the township after 30; the commission gets one line a month
per township with tasks over 90 days. Who is away, in hospital or reported dead is recorded but not pressed.
One look over the overdue tasks says what is to be done, so that a night in which nothing is costs that look.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.roles import Role
from tracker.models import AlertKind
from tracker.models.base import Json
from tracker.services import alert
from tracker.services.task import escalation, escalation_end
from tracker.services.task.escalation import MONTHLY, Form

JOB = "overdue-scan"


def scan(session: Session, day: date, at: datetime) -> Json:
    """Record, escalate and tell; a second run for the same day writes nothing."""
    session.flush()
    connection = session.connection()
    form = Form(connection.dialect.name, day < at.astimezone(clock.zone()).date())
    asked = escalation.asked(day, at)
    look = connection.execute(escalation.look(form), asked).mappings().one()
    new = look["found"] - look["recorded"]
    if new or look["climbing"]:
        connection.execute(escalation.tell(form), asked)
    if look["climbing"]:
        connection.execute(escalation_end.supersede(form), asked)
        connection.execute(escalation.climb(form), asked)
    if new:
        new = connection.execute(escalation.record(form), asked).rowcount
    if look["kept"] != look["recorded"] - look["resolved"]:
        connection.execute(escalation_end.silence(), asked)
        connection.execute(escalation_end.leave(), asked)
    _tell_commission(session, form, day, at)
    return {"job": JOB, "as_of": day.isoformat(), "found": look["found"], "new": new}


def _tell_commission(session: Session, form: Form, day: date, at: datetime) -> None:
    """One line a month for each township, the first time it has such tasks."""
    connection, asked = session.connection(), escalation.asked(day, at)
    untold = set(connection.scalars(escalation.untold(), asked))
    found = connection.execute(escalation.monthly(form), asked) if untold else ()
    rows = [
        {
            "kind": AlertKind.OVERDUE,
            "key": escalation.monthly_key(code, day),
            "role": Role.COMMISSION,
            "region_code": code,
            "code": "overdue_summary",
            "params": {"days": MONTHLY, "count": number},
            "raised_on": day,
            "raised_at": at,
        }
        for code, number in found
        if code in untold
    ]
    if alert.raise_each(session, rows):
        codes = [row["region_code"] for row in rows]
        connection.execute(escalation_end.close_months(), {**asked, "asked_townships": codes})

"""Today: who is due or overdue, the most urgent first; the village doctor's home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.extensions import db
from tracker.services.task import filters as task_filter
from tracker.services.task import listing as task_list
from tracker.services.task import reached, task
from tracker.services.task.listing import TaskRow
from tracker.services.workforce import responsibility
from tracker.web.resident import page_number
from tracker.words import labels, sentences

pages = Blueprint("worklist", __name__, url_prefix="/worklist")
PER_PAGE = 30


@pages.get("")
@roles(*CARE, *OVERSIGHT)
def show() -> ResponseReturnValue:
    session, number = db.session(), page_number(request.args)
    day = task_filter.day(request.args, clock.today())
    wanted = task_filter.read(session, request.args)
    own = _own(day)
    if own is not None:
        wanted = replace(wanted, doctor_id=own)
    question = task.ask(session, g.scope, day, wanted)
    page = task_list.page(session, question, PER_PAGE, (number - 1) * PER_PAGE)
    shown = (number - 1) * PER_PAGE + len(page.rows)
    return render_template(
        "worklist/show.html", page=page, view=wanted.view, day=day,
        counts=task.counts(session, question),
        reached=reached.of(session, g.scope, page.rows), zone=clock.zone(),
        sentences=sentences, labels=labels,
        following=None if page.rows else task_list.next_after(session, question), shown=shown,
        next_page=address(number + 1) if shown < page.size.total else None,
        prev_page=address(number - 1) if number > 1 else None, writes=g.scope.writes, own=own is not None,
        narrowed=any(request.args.get(name) for name in ("village", "disease", "doctor", "team")),
    )  # fmt: skip


def _own(day: date) -> UUID | None:
    """A village doctor begins with the people they answer for; `whose=team` shows all they may see."""
    if g.staff.role is not Role.VILLAGE_DOCTOR or request.args.get("whose") or request.args.get("doctor"):
        return None
    return g.staff.id if responsibility.own_villages(db.session(), g.staff.id, day) else None


def address(page: int | None = None, **changed: str | None) -> str:
    """This list with other filters: None takes one away; another filter begins at the first page."""
    given = {**request.args.to_dict(), "page": None if page is None else str(page), **changed}
    return url_for(".show", **{k: v for k, v in given.items() if v})  # type: ignore[arg-type]


pages.app_template_global("address")(address)


@pages.app_template_filter()
def by_person(rows: Iterable[TaskRow]) -> list[list[TaskRow]]:
    """The tasks of a page person by person, in the order of each one's most urgent task."""
    found: dict[UUID, list[TaskRow]] = {}
    for row in rows:
        found.setdefault(row.resident_id, []).append(row)
    return list(found.values())

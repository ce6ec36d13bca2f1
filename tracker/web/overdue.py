"""The overdue board of leads: by village, doctor, disease and days; people can be given to a doctor."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from tracker import clock, database
from tracker.access import roles
from tracker.domain.roles import CARE, LEADS, OVERSIGHT
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.i18n import ngettext
from tracker.services import audit
from tracker.services.phone import device
from tracker.services.task import board as task_board
from tracker.services.task import export as task_export
from tracker.services.task import filters as task_filter
from tracker.services.task import listing as task_list
from tracker.services.task import reached, task
from tracker.services.task.listing import TaskRow
from tracker.services.task.task import View
from tracker.services.workforce import assignment, responsibility
from tracker.web import upload_sheet
from tracker.web.resident import page_number
from tracker.web.worklist import address
from tracker.words import labels, sentences

pages = Blueprint("overdue", __name__)
PER_PAGE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/overdue")
@roles(*CARE, *OVERSIGHT)
def show() -> ResponseReturnValue:
    return _page()


def _page(
    ticked: Collection[UUID] = (), given: Collection[UUID] = (), wrong: str = ""
) -> ResponseReturnValue:
    """The board; after a refused handing-over with what was ticked and chosen."""
    session, number = db.session(), page_number(request.args)
    day = task_filter.day(request.args, clock.today())
    wanted = task_filter.read(session, request.args, View.OVERDUE)
    question = task.ask(session, g.scope, day, wanted)
    page = task_list.page(session, question, PER_PAGE, (number - 1) * PER_PAGE)
    if number > 1 and not page.rows:
        return redirect(address())  # fewer than there were, as after handing people over
    shown = (number - 1) * PER_PAGE + len(page.rows)
    leads = g.staff.role in LEADS
    board = task_board.board(session, question)
    return render_template(
        "overdue/show.html", page=page, day=day, wanted=wanted, sentences=sentences, labels=labels,
        board=board,
        diseases=[(d.value, labels.DISEASES[d], n) for d, n in board.diseases.items()],
        doctors=responsibility.doctors(session, g.scope, day) if leads else [],
        reached=reached.of(session, g.scope, page.rows), zone=clock.zone(), writes=g.scope.writes,
        shown=shown,
        ticked=ticked, given=given, wrong=wrong, brought=upload_sheet.brought() if leads else 0,
        unheard=device.unheard(session, g.scope, clock.now()) if leads else [],
        filtered=any(request.args.get(name) for name in FILTERS),
        next_page=address(number + 1) if shown < page.size.total else None,
        prev_page=address(number - 1) if number > 1 else None,
    )  # fmt: skip


FILTERS = ("region", "village", "doctor", "disease", "bucket", "team", "kind")


@pages.post("/overdue/assign")
@roles(*LEADS)
def assign() -> ResponseReturnValue:
    """Give the ticked people to a doctor, from today on."""
    doctor, people = _keys("doctor"), _keys("resident")
    if not doctor or not people:
        wrong = _("请先勾选居民，再选医生") if not people else _("请选医生")
        return make_response(_page(people, doctor, wrong), 422)
    number = assignment.assign(db.session(), g.scope, people, doctor[0], clock.today(), g.actor, clock.now())
    db.session.commit()
    if number:
        flash(ngettext("已把 %(num)s 人交给这位医生", "已把 %(num)s 人交给这位医生", number), "success")
    else:
        flash(_("勾选的人本来就归这位医生"), "info")
    return redirect(url_for(".show", **request.args.to_dict()))  # type: ignore[arg-type]


def _keys(name: str) -> list[UUID]:
    try:
        return [UUID(value) for value in request.form.getlist(name) if value]
    except ValueError:
        abort(400)


@pages.get("/overdue.xlsx")
@roles(*CARE, *OVERSIGHT)
def workbook() -> ResponseReturnValue:
    """The whole list under the filters of the address; taking it out is an act on the trail."""
    session = db.session()
    database.begin_write(session)
    day = task_filter.day(request.args, clock.today())
    wanted = task_filter.read(session, request.args, View.OVERDUE)
    question = task.ask(session, g.scope, day, wanted)
    page = task_list.page(session, question, task_export.MOST)
    content = task_export.workbook(_("逾期随访"), [str(h) for h in _heads()], (_cells(r) for r in page.rows))
    audit.record(
        session, g.actor, clock.now(), "export overdue",
        details={"tasks": len(page.rows), "as_of": day.isoformat(), **request.args.to_dict()},
    )  # fmt: skip
    session.commit()
    name = f"overdue-{day.isoformat()}.xlsx"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _heads() -> tuple[str, ...]:
    return (
        _("姓名"), _("村"), _("团队"), _("责任医生"), _("慢病"), _("任务"), _("应访日期"), _("逾期天数"),
        _("上次随访"), _("上次读数"), _("说明"),
    )  # fmt: skip


def _cells(row: TaskRow) -> tuple[str | int, ...]:
    return (
        row.name, row.village, row.team or "", row.doctor or "", str(labels.DISEASES[row.disease]),
        sentences.kind(row), row.due.isoformat(), row.days_overdue,
        "" if row.last is None else row.last.on.isoformat(), sentences.figures(row.disease, row.last),
        sentences.absence(row),
    )  # fmt: skip

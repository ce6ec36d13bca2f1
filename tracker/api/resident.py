"""People: searched, read and registered."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import my, roles
from tracker.api import api, created, paging
from tracker.api.answer import wrong
from tracker.api.describe import takes
from tracker.api.sender import sender
from tracker.api.upload import uploaded
from tracker.domain.person import Group
from tracker.domain.roles import CARE, OVERSIGHT, Role
from tracker.domain.terms import Disease, Status
from tracker.extensions import db
from tracker.i18n import gettext as _
from tracker.models import Resident
from tracker.schemas.resident import ResidentIn
from tracker.services.resident import resident as residents
from tracker.services.resident.search import Filters, search
from tracker.services.resident.view import view, views

READERS = (*CARE, *OVERSIGHT, Role.COUNTY_DOCTOR)
Choice = TypeVar("Choice", bound=StrEnum)


def shown(resident: Resident) -> dict[str, Any]:
    return view(db.session(), g.scope, resident, clock.today())


@api.get("/residents")
@roles(*READERS)
def list_residents() -> ResponseReturnValue:
    part, today = paging(), clock.today()
    found = search(db.session(), g.scope, _filters(), today, offset=part.offset, limit=part.per_page)
    people = views(db.session(), g.scope, found.residents, today)
    return jsonify(residents=people, total=found.total, page=part.page)


@api.get("/residents/<uuid:key>")
@roles(*READERS)
def show_resident(key: UUID) -> ResponseReturnValue:
    return jsonify(shown(my(Resident, key)))


@api.post("/residents")
@roles(*CARE, upload=True)
@takes(ResidentIn)
def create_resident() -> ResponseReturnValue:
    with uploaded(ResidentIn, "resident") as typed:
        resident, new = residents.create(db.session(), sender(), typed)
    db.session.commit()
    answer = shown(resident) if g.phone is None else {"id": str(resident.id)}
    return made(answer, resident.id) if new else jsonify(answer)


def made(answer: dict[str, Any], resident_id: UUID) -> ResponseReturnValue:
    """201 with what was recorded; it is read again on the person's own record."""
    return created(answer, url_for("api.show_resident", key=resident_id))


def _filters() -> Filters:
    asked = request.args
    return Filters(
        q=asked.get("q", ""),
        village=asked.get("village", ""),
        group=_choice("group", Group),
        disease=_choice("disease", Disease),
        status=_choice("status", Status),
    )


def _choice(name: str, kind: type[Choice]) -> Choice | None:
    said = request.args.get(name, "")
    try:
        return kind(said) if said else None
    except ValueError:
        abort(wrong(name, _("没有这个选项")))

"""GET /sync: what a doctor's phone keeps, the whole once and then what changed."""

from __future__ import annotations

from flask import g, jsonify, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.access import roles
from tracker.api import api
from tracker.api.answer import number
from tracker.api.describe import asks, gives
from tracker.domain.policy import load
from tracker.domain.roles import PHONE
from tracker.extensions import db
from tracker.schemas.sync import SyncPage
from tracker.services.phone.rules import rules
from tracker.services.sync import sync


@api.get("/sync")
@roles(*PHONE)
@asks(cursor="string", limit="integer")
@gives(SyncPage)
def download() -> ResponseReturnValue:
    limit = number("limit", sync.PAGE_AT_MOST, sync.PAGE_AT_MOST)
    policy, moment, cursor = load(), clock.now(), request.args.get("cursor", "")
    page = sync.page(db.session(), g.scope, cursor, policy, clock.today(), limit)
    return jsonify(
        cursor=page.cursor, whole=page.whole, restored=page.restored, more=page.more,
        server_time=moment.isoformat(), people=page.people, removed=page.removed, rules=rules()[0],
    )  # fmt: skip

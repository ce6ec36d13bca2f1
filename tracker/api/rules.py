"""GET /rules: what a phone judges by; asked for when the digest that GET /sync names has changed."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.access import roles
from tracker.api import api
from tracker.domain.roles import PHONE
from tracker.services.phone.rules import rules


@api.get("/rules")
@roles(*PHONE, scope=False)
def show_rules() -> ResponseReturnValue:
    digest, found = rules()
    return jsonify(id=digest, **found)

"""The OpenAPI document of the API, made from its calls."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from tracker.access import public
from tracker.api import api
from tracker.api.describe import add_answers, add_bodies

PREFIX = "/api/v1/"
SIGN_IN = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "session"},
}


@api.get("/openapi.json")
@public
def document() -> ResponseReturnValue:
    return jsonify(_document())


@cache
def _document() -> dict[str, Any]:
    from spectree import SpecTree  # only for those who ask for the document

    tree = SpecTree("flask", title="家医随访", version="1", mode="greedy")
    tree.app = current_app
    found = dict(tree.spec)
    found["paths"] = {path: calls for path, calls in found["paths"].items() if path.startswith(PREFIX)}
    components = dict(found.get("components") or {})
    found["components"] = components | {"securitySchemes": SIGN_IN}
    found["security"] = [{name: []} for name in SIGN_IN]
    add_bodies(current_app, found)
    add_answers(current_app, found)
    return found

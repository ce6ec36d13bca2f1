"""Reads a JSON body into its model: not JSON is 400, what the model refuses is 422 with paths and words."""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar

from flask import abort, request
from pydantic import BaseModel, ValidationError

from tracker.i18n import gettext as _
from tracker.problem import problem
from tracker.schemas.problem import problems_of
from tracker.schemas.sealed import no_twice
from tracker.words.problems import texts

Model = TypeVar("Model", bound=BaseModel)


def body(model: type[Model]) -> Model:
    """The request's body as `model`; ends the request with 400 or 422 otherwise."""
    try:
        return model.model_validate(json_object())
    except ValidationError as invalid:
        abort(problem(422, errors=texts(problems_of(invalid))))


def json_object() -> dict[str, Any]:
    """The request's body as an object of plain values, without NaN and infinities."""
    try:
        found = json.loads(request.get_data(), parse_constant=_no_number, object_pairs_hook=no_twice)
    except (ValueError, RecursionError):
        abort(problem(400, _("内容不是 JSON")))
    if not isinstance(found, dict):
        abort(problem(422, errors={"": [_("应是一个对象 {…}")]}))
    return found


def _no_number(name: str) -> NoReturn:
    abort(problem(422, errors={"": [_("%(name)s 不是数字", name=name)]}))

"""What a call takes, for the OpenAPI document: the schemas of the pydantic models that read the bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

View = TypeVar("View", bound=Callable[..., object])
REFERENCE = "#/components/schemas/{model}"
UNSAFE = frozenset({"post", "put", "patch", "delete"})


def takes(model: type[BaseModel]) -> Callable[[View], View]:
    """Say which model reads the body of a call."""

    def mark(view: View) -> View:
        view.takes = model  # type: ignore[attr-defined]
        return view

    return mark


def gives(model: type[BaseModel]) -> Callable[[View], View]:
    """Say which model describes the answer of a call."""

    def mark(view: View) -> View:
        view.gives = model  # type: ignore[attr-defined]
        return view

    return mark


def asks(**arguments: str) -> Callable[[View], View]:
    """Say which arguments the query of a call may have, and their types."""

    def mark(view: View) -> View:
        view.asks = arguments  # type: ignore[attr-defined]
        return view

    return mark


def add_answers(app: Flask, document: dict[str, Any]) -> None:
    """Write the answer and the query of every call that has said them."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        call = document["paths"].get(_path(rule.rule), {}).get("get")
        model = getattr(view, "gives", None)
        if call is None or model is None:
            continue
        schema = model.model_json_schema(mode="serialization", ref_template=REFERENCE)
        document["components"].setdefault("schemas", {}).update(schema.pop("$defs", {}))
        document["components"]["schemas"][model.__name__] = schema
        call.setdefault("responses", {})["200"] = {"description": "OK", "content": _content(model)}
        call.setdefault("parameters", []).extend(
            {"name": name, "in": "query", "schema": {"type": kind}}
            for name, kind in getattr(view, "asks", {}).items()
        )


def add_bodies(app: Flask, document: dict[str, Any]) -> None:
    """Write the request body of every call that has said what it takes, and the schemas it refers to."""
    found = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "takes", None)
        for rule in app.url_map.iter_rules()
    }
    models = {model for model in found.values() if model is not None}
    _refs, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda m: m.__name__)], ref_template=REFERENCE
    )
    document["components"].setdefault("schemas", {}).update(schemas.get("$defs", {}))
    for rule in app.url_map.iter_rules():
        model = found[rule.endpoint]
        if model is None:
            continue
        calls = document["paths"].get(_path(rule.rule), {})
        for method in UNSAFE & set(calls):
            calls[method]["requestBody"] = _body(model)


def _path(rule: str) -> str:
    """`/residents/<uuid:key>` as OpenAPI writes it: `/residents/{key}`."""
    parts = (part.split(":")[-1] for part in rule.replace(">", "}").replace("<", "{:").split("{"))
    first, *rest = parts
    return first + "".join("{" + part for part in rest)


def _body(model: type[BaseModel]) -> dict[str, Any]:
    return {"required": True, "content": _content(model)}


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}

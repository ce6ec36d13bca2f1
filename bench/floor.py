"""The bare Flask application that the product's requests are compared with: one statement, JSON, no guard."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, request

from bench.call import Answer, call
from bench.plain import Plain, Row
from bench.work import Rows, Side

Store = Callable[[dict[str, Any]], None]


def selecting(
    plain: Plain,
    what: str,
    statement: str,
    rows: Callable[[list[Row]], Rows],
    *,
    counted: bool = False,
    **values: Any,
) -> Side:
    """A route that answers the rows of one SELECT as JSON."""
    app = Flask("floor")

    @app.get("/")
    def answer() -> Response:
        found = plain.all(statement, **values)
        return Response(json.dumps(found, default=str), mimetype="application/json")

    return Side(what, lambda: call(app, "/"), lambda given: rows(given_rows(given)), counted)


def storing(what: str, store: Store, bodies: Callable[[], dict[str, Any]], key: str) -> Side:
    """A route that stores one JSON body and says so; `rows` is the body's value under `key`."""
    app = Flask("floor")

    @app.post("/")
    def answer() -> Response:
        body = json.loads(request.get_data())
        store(body)
        return Response(json.dumps({"stored": body[key]}), mimetype="application/json")

    return Side(
        what,
        lambda: call(app, "/", method="POST", json=bodies()),
        lambda given: [json.loads(given.checked())["stored"]],
    )


def given_rows(answer: Answer) -> list[Row]:
    return [tuple(row) for row in json.loads(answer.checked())]


def ids(rows: Sequence[Row]) -> list[str]:
    """The first column as both databases and the API write ids in the end."""
    return [plain_id(row[0]) for row in rows]


def plain_id(value: object) -> str:
    return str(value).replace("-", "")

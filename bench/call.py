"""One request straight into a WSGI application: no socket and no server, on either side of a comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def checked(self, status: int = 200) -> bytes:
        """The body, if the request went as it should."""
        assert self.status == status, f"{self.status}: {self.body.decode()[-3000:]}"
        return self.body


def call(app: Flask, path: str, **request: Any) -> Callable[[], Answer]:
    """A request that is ready to be made, once; what werkzeug's EnvironBuilder takes describes it."""
    environ = EnvironBuilder(path=path, **request).get_environ()

    def run() -> Answer:
        status: list[str] = []

        def start(line: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
            status.append(line)
            return lambda _: None

        chunks = app.wsgi_app(environ, start)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return Answer(int(status[0][:3]), body)

    return run


def ready(app: Flask, path: str, **request: Any) -> Callable[[], Callable[[], Answer]]:
    """The same request again and again, made ready anew each time."""
    return lambda: call(app, path, **request)

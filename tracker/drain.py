"""What is left of a request's body is read before its answer goes out.

A connection that is closed over data nobody read takes the answer with it (RFC 9112, 9.6): the browser would
show a broken connection instead of the sentence that says what was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_MOST = 200 * 1024 * 1024
"""Bytes that are read and thrown away; who sends more loses the answer."""
STEP = 256 * 1024


class ReadToTheEnd:
    """A WSGI application whose answers wait for the end of what was sent."""

    def __init__(self, application: WSGIApplication, at_most: int = AT_MOST) -> None:
        self.application, self.at_most = application, at_most

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.application(environ, start_response)
        # Only such a server says where a body ends; with others one read too many would wait for ever.
        if environ.get("wsgi.input_terminated") and _length(environ) <= self.at_most:
            self._discard(environ)
        return answer

    def _discard(self, environ: WSGIEnvironment) -> None:
        left = self.at_most
        try:
            while left > 0 and (part := environ["wsgi.input"].read(min(STEP, left))):
                left -= len(part)
        except Exception:  # noqa: S110 - whoever sent it has gone, or sent what is no body; the answer may still arrive
            pass


def _length(environ: WSGIEnvironment) -> int:
    """What the sender announced; nothing where the body comes in chunks."""
    said = str(environ.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdigit() else 0

"""What a piece of work sends to the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextlib.contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that are run meanwhile, in order, without those that begin a transaction."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            run.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)

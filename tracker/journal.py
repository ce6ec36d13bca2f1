"""The log of a process: JSON lines on standard error, without ID numbers and phones.

Written with the standard library alone: logging libraries bring colours and terminals with them, which every
web worker would keep in memory.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")
"""ID numbers of 18 and 15 digits and mobile phones."""
_context: ContextVar[Mapping[str, object]] = ContextVar("journal", default=MappingProxyType({}))


def redact(value: object) -> object:
    """Blank what looks like an ID number or a phone in a text."""
    return PERSONAL.sub("[…]", value) if isinstance(value, str) else value


def begin(**values: object) -> None:
    """Forget what earlier lines of this thread shared; the lines from now on share these values."""
    _context.set(values)


def info(event: str, **values: object) -> None:
    _write("info", event, values)


def warning(event: str, **values: object) -> None:
    _write("warning", event, values)


def error(event: str, failed: BaseException | None = None, **values: object) -> None:
    """With an exception, how it came about stands in the line too."""
    _write("error", event, values, failed)


def exception(event: str, **values: object) -> None:
    """The error that is being handled."""
    _write("error", event, values, sys.exception())


def configure() -> None:
    """Let libraries that use `logging` write the same lines."""
    logging.basicConfig(handlers=[_Lines()], level=logging.WARNING, force=True)


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            failed = record.exc_info[1] if record.exc_info else None
            _write(record.levelname.lower(), record.getMessage(), {}, failed)
        except Exception:
            self.handleError(record)


def _write(level: str, event: str, values: Mapping[str, object], failed: BaseException | None = None) -> None:
    """To whatever is standard error at the moment, each line in one piece."""
    line: dict[str, Any] = {"event": event, **_context.get(), **values, "level": level}
    line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    if failed is not None:
        line["exception"] = "".join(traceback.format_exception(failed)).rstrip()
    told = {key: redact(value) for key, value in line.items()}
    sys.stderr.write(json.dumps(told, ensure_ascii=False, default=repr) + "\n")
    sys.stderr.flush()

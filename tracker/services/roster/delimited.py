"""Delimited text as counties export it: UTF-8, UTF-16 or GB18030; commas, tabs, semicolons or bars."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from tracker.domain.reasons import Reason
from tracker.services.roster.refusal import WorkbookRefused

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS = ",\t;|，"
AS_TEXT = re.compile(r'^="(.*)"$')
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def read_delimited(path: Path) -> Iterator[list[str]]:
    """Rows of cells; `="…"`, which keeps Excel from cutting numbers, is taken off."""
    said = _decoded(path.read_bytes())
    if not said.strip():
        raise WorkbookRefused(Reason.FILE_EMPTY)
    if len(CONTROL.findall(said[:4096])) > 8:
        raise WorkbookRefused(Reason.FILE_FORMAT)
    reader = csv.reader(io.StringIO(said.replace("\0", ""), newline=""), delimiter=_separator(said[:20_000]))
    try:
        for cells in reader:
            yield [AS_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell for cell in cells]
    except csv.Error as error:
        raise WorkbookRefused(Reason.FILE_BROKEN) from error


def _decoded(raw: bytes) -> str:
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return _try(raw, encoding) or ""
    halves = raw[:400]
    if halves.count(0) > len(halves) // 4:
        found = _try(raw, "utf-16-le" if halves[1::2].count(0) >= halves[::2].count(0) else "utf-16-be")
    else:
        found = _try(raw, "utf-8") or _try(raw, "gb18030")
    if found is None:
        raise WorkbookRefused(Reason.FILE_ENCODING)
    return found


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _separator(said: str) -> str:
    """The one that the first lines hold most often."""
    lines = [line for line in said.splitlines()[:20] if line.strip()]
    return max(SEPARATORS, key=lambda mark: (sum(line.count(mark) for line in lines), mark == ","))

"""An .xlsx file seen from outside (ECMA-376 package): its size when unpacked, hidden rows, broken formulas.

calamine reads values only; a broken formula would look like an empty cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tracker.domain.reasons import Reason
from tracker.services.roster.refusal import WorkbookRefused

MOST_ENTRIES = 200
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 100
MOST_CELLS = 30_000_000
CHUNK = 1024 * 1024
TAIL = 64 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError)
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?\bid=\"([^\"]+)\"")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')
HIDDEN = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]{1,3})(\d+)\"[^>]*>(?:<f[^>]*/>|<f.*?</f>)?<v>([^<]*)</v>",
    re.DOTALL,
)
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=\"(\d+)\"")
WIDE = re.compile(rb'\br="([A-Z]{2,3})\d+"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
BEYOND_Z = re.compile(rb'r="[A-Z]{2}')
"""Quick to look for, since it begins with fixed letters."""
VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
EPOCH_1904 = re.compile(rb'\bdate1904="(?:1|true)"')


@dataclass(slots=True)
class SheetMarks:
    """By Excel's row number: hidden rows, and (column from 0, error) of broken formulas."""

    last_row: int = 0
    width: int = 26
    hidden: set[int] = field(default_factory=set)
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def inspect_package(path: Path) -> tuple[bool, list[SheetMarks]]:
    """Whether dates count from 1904, and the marks of each sheet in order; raises WorkbookRefused."""
    try:
        with zipfile.ZipFile(path) as package:
            names = _checked(package, path.stat().st_size)
            epoch_1904 = EPOCH_1904.search(package.read(WORKBOOK)) is not None
            return epoch_1904, [_marks(package, name) for name in _sheet_paths(package, names)]
    except NotImplementedError as error:
        raise WorkbookRefused(Reason.FILE_BROKEN) from error
    except RuntimeError as error:  # zipfile's word for a password
        raise WorkbookRefused(Reason.FILE_LOCKED) from error
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        KeyError,
        ValueError,
    ) as error:
        raise WorkbookRefused(Reason.FILE_BROKEN) from error


def _checked(package: zipfile.ZipFile, size: int) -> frozenset[str]:
    """The directory within its limits, then every entry as long as it says (or its checksum fails)."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > size * MOST_RATIO:
        raise WorkbookRefused(Reason.FILE_BOMB)
    names = frozenset(entry.filename for entry in entries)
    if WORKBOOK not in names:
        raise WorkbookRefused(Reason.FILE_FORMAT)
    if package.testzip() is not None:
        raise WorkbookRefused(Reason.FILE_BROKEN)
    return names


def _sheet_paths(package: zipfile.ZipFile, names: frozenset[str]) -> Iterator[str]:
    targets: dict[bytes, str] = {}
    for relation in RELATION.findall(package.read(RELATIONS)) if RELATIONS in names else ():
        found = dict(ATTRIBUTE.findall(relation))
        targets[found.get(b"Id", b"")] = found.get(b"Target", b"").decode("utf-8", "replace")
    for sheet_id in SHEET.findall(package.read(WORKBOOK)):
        target = targets.get(sheet_id, "")
        name = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        yield name if name in names else ""


def _marks(package: zipfile.ZipFile, name: str) -> SheetMarks:
    marks = SheetMarks()
    if not name:
        return marks
    rest = b""
    with package.open(name) as file:
        while chunk := file.read(CHUNK):
            part = rest + chunk
            cut = part.rfind(b"<row")
            part, rest = (part[:cut], part[cut:]) if cut > 0 and len(part) - cut < CHUNK else (part, b"")
            _scan(part, marks)
    _scan(rest, marks)
    if marks.last_row * marks.width > MOST_CELLS:
        # one cell in the last corner would make the reader lay out the whole sheet
        raise WorkbookRefused(Reason.FILE_BOMB)
    return marks


def _scan(part: bytes, marks: SheetMarks) -> None:
    _measure(part, marks)
    if b'hidden="' in part:
        marks.hidden.update(int(row) for row in HIDDEN.findall(part))
    if b't="e"' in part:
        for letters, row, error in ERROR.findall(part):
            found = (_column(letters), error.decode("ascii", "replace"))
            marks.errors.setdefault(int(row), []).append(found)


def _measure(part: bytes, marks: SheetMarks) -> None:
    """How far the sheet's values reach; formatted empty cells do not count."""
    if BEYOND_Z.search(part):
        for letters in WIDE.findall(part):
            marks.width = max(marks.width, _column(letters) + 1)
    start = max(0, len(part) - TAIL)
    marks.last_row = max(marks.last_row, _last_row(part, start) or _last_row(part, 0))


def _last_row(part: bytes, start: int) -> int:
    """The last row with a value that begins after `start`, or 0."""
    end = len(part)
    for row in reversed(list(ROW.finditer(part, start))):
        if VALUE.search(part, row.start(), end):
            return int(row[1])
        end = row.start()
    return 0


def _column(letters: bytes) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1

"""The sheets of a spreadsheet file, row by row as Excel counts them, through calamine.

Broken, locked, huge and foreign files are refused with one reason; a zip is judged before it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from tracker.domain.reasons import Reason
from tracker.services.roster.delimited import read_delimited
from tracker.services.roster.file import BIGGEST
from tracker.services.roster.refusal import WorkbookRefused
from tracker.services.roster.spreadsheet import SheetMarks, inspect_package

ZIP, OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
MARKUP = (b"<", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name, its rows with Excel's numbers (from 1, none left out), and what is hidden."""

    name: str
    rows: Iterator[tuple[int, Cells]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    epoch_1904: bool = False


@dataclass(slots=True)
class _Merged:
    """Cells merged downwards hold their value in the first row only: the rows below get it too."""

    areas: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    held: dict[int, tuple[int, object]] = field(default_factory=dict)

    def fill(self, index: int, cells: list[object]) -> None:
        for column, last in self.areas.get(index, ()):
            if column < len(cells):
                self.held[column] = (last, cells[column])
        for column, (last, value) in list(self.held.items()):
            if index > last:
                del self.held[column]
            elif cells[column] in ("", None):
                cells[column] = value


def open_sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet of an .xlsx, .xls or .csv file; raises WorkbookRefused."""
    head = _head(path)
    if head.startswith(ZIP):
        epoch_1904, marks = inspect_package(path)
        yield from _calamine(path, epoch_1904, marks)
    elif head.startswith(OLE2):
        if LOCKED in path.read_bytes():
            raise WorkbookRefused(Reason.FILE_LOCKED)
        yield from _calamine(path, False, [])
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARKUP) or path.suffix.lower() == ".xlsx":
        raise WorkbookRefused(Reason.FILE_BROKEN if path.suffix.lower() == ".xlsx" else Reason.FILE_FORMAT)
    else:
        yield Sheet(path.stem, enumerate(read_delimited(path), 1))


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise WorkbookRefused(Reason.FILE_MISSING)
    size = path.stat().st_size
    if size == 0:
        raise WorkbookRefused(Reason.FILE_EMPTY)
    if size > BIGGEST:
        raise WorkbookRefused(Reason.FILE_TOO_BIG, {"limit": str(BIGGEST // 1024**2)})
    with path.open("rb") as file:
        return file.read(512)


def _calamine(path: Path, epoch_1904: bool, marks: Sequence[SheetMarks]) -> Iterator[Sheet]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for index, about in enumerate(workbook.sheets_metadata):
                mark = marks[index] if index < len(marks) else SheetMarks()
                sheet = workbook.get_sheet_by_index(index)
                hidden = about.visible != SheetVisibleEnum.Visible
                yield Sheet(about.name, _rows(sheet, mark), hidden, frozenset(mark.hidden), epoch_1904)
    except PasswordError as error:
        raise WorkbookRefused(Reason.FILE_LOCKED) from error
    except (CalamineError, OSError, ValueError) as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise WorkbookRefused(Reason.FILE_LOCKED if locked else Reason.FILE_BROKEN) from error
    except BaseException as error:  # calamine's own panics are no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookRefused(Reason.FILE_BROKEN) from error


def _rows(sheet: CalamineSheet, mark: SheetMarks) -> Iterator[tuple[int, Cells]]:
    start = sheet.start
    if start is None:
        return
    merged = _Merged()
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            merged.areas.setdefault(top, []).append((left - start[1], bottom))
    for index, cells in enumerate(sheet.iter_rows()):
        row: list[object] = list(cells)
        if merged.areas:
            merged.fill(index, row)
        for column, error in mark.errors.get(index + 1, ()):
            if 0 <= column - start[1] < len(row):
                row[column - start[1]] = error
        yield index + 1, row

"""A roster file as persons and findings, sheet by sheet; nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path

from tracker.domain.cells import text
from tracker.domain.finding import Finding, Result
from tracker.domain.headers import SEARCHED_ROWS, Header, find_header
from tracker.domain.reasons import Reason
from tracker.domain.roster_merge import Persons
from tracker.domain.roster_person import Setting
from tracker.domain.roster_row import Kind, RowReader
from tracker.domain.villages import VillageIndex
from tracker.services.roster.refusal import WorkbookRefused
from tracker.services.roster.workbook import Cells, Sheet, open_sheets

Numbered = tuple[int, Cells]


def read_rows(path: Path, villages: VillageIndex, today: date, persons: Persons) -> Iterator[Finding]:
    """Findings while the rows are read and `persons` grow; raises WorkbookRefused."""
    headed = False
    unheaded: list[Finding] = []
    for sheet in open_sheets(path):
        first = list(islice(sheet.rows, SEARCHED_ROWS + 1))
        header = find_header([cells for _, cells in first])
        if header is None:
            if any(text(cell) for _, cells in first for cell in cells):
                unheaded.append(_about_sheet(sheet, Reason.SHEET_WITHOUT_HEADER))
            continue
        headed = True
        if sheet.hidden:
            yield _about_sheet(sheet, Reason.HIDDEN_SHEET)
        yield from _persons(sheet, first, header, persons, _setting(sheet, first, header, villages, today))
    if not headed:
        raise WorkbookRefused(Reason.FILE_WITHOUT_HEADER if unheaded else Reason.FILE_EMPTY)
    yield from unheaded
    yield from persons.twins()


def _setting(
    sheet: Sheet, first: list[Numbered], header: Header, villages: VillageIndex, today: date
) -> Setting:
    """Where the sheet's title rows and its name say that it is."""
    titles = [text(cell) for _, cells in first[: header.row] for cell in cells if isinstance(cell, str)]
    return Setting(villages, villages.place([*titles, sheet.name]), today, sheet.epoch_1904)


def _persons(
    sheet: Sheet, first: list[Numbered], header: Header, persons: Persons, setting: Setting
) -> Iterator[Finding]:
    reader = RowReader(sheet.name, header, setting)
    heads = {_shape(cells) for _, cells in first[: header.row + 1]}
    for number, cells in chain(first[header.row + 1 :], sheet.rows):
        kind = reader.kind(cells)
        if kind is Kind.PERSON and not _repeats(reader, cells, heads):
            person, source = reader.read(number, cells, hidden=number in sheet.hidden_rows)
            yield from source.findings
            if person:
                yield from persons.add(person, source)
        elif kind is Kind.SECTION:
            reader.entitle(next(word for cell in cells if (word := text(cell))))
        elif kind is Kind.HEADER and _shape(cells) not in heads:
            renewed = find_header([cells])
            reader = RowReader(sheet.name, renewed, reader.setting) if renewed else reader


def _repeats(reader: RowReader, cells: Cells, heads: set[tuple[str, ...]]) -> bool:
    """Whether a row without a name is the lower half of a repeated header."""
    return not reader.named(cells) and _shape(cells) in heads


def _shape(cells: Cells) -> tuple[str, ...]:
    return tuple(text(cell) for cell in cells)


def _about_sheet(sheet: Sheet, reason: Reason) -> Finding:
    return Finding(sheet.name, 1, "", "", Result.NOTE, reason)

"""Figures and people as a workbook; every text is a string cell, so that nothing in it acts as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO

from tracker.services.visit.export import safe

MOST = 10_000
"""Rows of one workbook."""
Cell = str | int | Decimal | None


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a head; numbers stay numbers, what is unknown stays empty."""
    import xlsxwriter  # only when a workbook is asked for

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            sheet.set_column(column, column, max(12, 2 * len(head) + 2))
            sheet.write_string(0, column, head, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, safe(value))
    return content.getvalue()

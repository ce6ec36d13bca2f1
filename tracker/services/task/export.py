"""A list of tasks as a workbook; every text is a string cell, so that nothing in it acts as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from tracker.services.visit.export import safe

MOST = 10_000
"""Rows of one workbook; more are filtered first."""
WIDTHS = (12, 20, 16, 14, 12, 14, 12, 10, 12, 10, 44)


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """One sheet with a head; numbers stay numbers."""
    import xlsxwriter  # only when a workbook is asked for

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        for column, (head, width) in enumerate(zip(heads, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, safe(value))
    return content.getvalue()

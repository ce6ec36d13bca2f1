"""The report of a roster's import: one line per cell with something to say, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tracker.domain.finding import Finding, finding_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COLUMNS = ("sheet", "row", "column", "value", "result", "reason")
WIDTHS = (16, 8, 16, 26, 12, 60)
MOST_LINES = 1_048_000
"""A sheet of Excel holds a little more; what is beyond still counts in the summary."""


def write_report(
    target: Path | BinaryIO,
    findings: Iterable[Finding],
    summary: Mapping[str, int] | Callable[[], Mapping[str, int]],
    locale: str = "zh",
) -> None:
    """Write `target`; every text is a string cell, so that no value of a roster can act as a formula.

    A `summary` that is counted while the findings come is called for after the last one.
    """
    import xlsxwriter  # only when a workbook is asked for

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        bold = book.add_format({"bold": True})
        lines = book.add_worksheet("findings")
        lines.freeze_panes(1, 0)
        for column, (key, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            lines.set_column(column, column, width)
            lines.write_string(0, column, key, bold)
        counted = _write_lines(lines, findings, locale)
        told = summary() if callable(summary) else summary
        _write_summary(book.add_worksheet("summary"), told, counted, locale)


def _write_lines(sheet: Worksheet, findings: Iterable[Finding], locale: str) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for line, found in enumerate(findings, 1):
        counted[found.result, found.reason] += 1
        if line > MOST_LINES:
            continue
        sheet.write_string(line, 0, found.sheet)
        sheet.write_number(line, 1, found.row)
        sheet.write_string(line, 2, found.column)
        sheet.write_string(line, 3, found.value)
        sheet.write_string(line, 4, found.result)
        sheet.write_string(line, 5, found.text(locale))
    return counted


def _write_summary(
    sheet: Worksheet, summary: Mapping[str, int], counted: Counter[tuple[str, str]], locale: str
) -> None:
    sheet.set_column(0, 0, 60)
    line = 0
    for key, number in summary.items():
        sheet.write_string(line, 0, key)
        sheet.write_number(line, 1, number)
        line += 1
    for (result, reason), number in counted.most_common():
        # a reason that names rows or dates is shown here without them
        sheet.write_string(line, 0, f"{result}: {finding_text(reason, {}, locale)}")
        sheet.write_number(line, 1, number)
        line += 1

"""A person's visits as a workbook laid out like the paper: rows of the form down, visits across.

Source: follow-up record forms for hypertension and type-2 diabetes, national specification of 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.form_rows import Row, class_word, disease_word, export_heads, rows, step_word
from tracker.domain.form_text import bmi, flat, text_of
from tracker.domain.masking import mask_name
from tracker.domain.terms import Disease
from tracker.models import Resident, Visit
from tracker.services import audit
from tracker.services.audit import Actor
from tracker.services.visit import view as visit_view
from tracker.services.workforce.scope import Scope

MOST = 1000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NOT_PRESCRIBED = 0
"""Adherence code of our own that the national form has no box for."""


def workbook(
    session: Session, scope: Scope, actor: Actor, resident: Resident, at: datetime, locale: str
) -> bytes:
    """A sheet per disease; every text is a string cell, so that nothing typed can act as a formula."""
    import xlsxwriter  # only when a workbook is asked for

    visits, _total = visit_view.page_of(session, resident.id, 0, MOST)
    shown = visit_view.shows(session, visits, locale)
    name = resident.name if scope.sees_full else mask_name(resident.name)
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for disease in Disease:
            own = [
                (v, s) for v, s in zip(visits, shown, strict=True) if v.body.get(disease.value) is not None
            ]
            lines = _lines(own, disease, (name, resident.archive_no), locale)
            sheet = book.add_worksheet(disease_word(disease, locale))
            sheet.set_column(0, 0, 22)
            sheet.set_column(1, max(len(own), 1), 18)
            sheet.freeze_panes(3, 1)
            for line, cells in enumerate(lines):
                for column, text in enumerate(cells):
                    sheet.write_string(line, column, safe(text), plain if column else bold)
    audit.record(
        session, actor, at, "export visits", "resident", resident.id,
        village_code=resident.village_code, details={"visits": len(visits)},
    )  # fmt: skip
    return content.getvalue()


def safe(text: str) -> str:
    """A text that stays one when it is copied on into another spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _lines(
    own: Sequence[tuple[Visit, dict[str, Any]]], disease: Disease, who: tuple[str, str], locale: str
) -> list[list[str]]:
    name, archive, item, mass, *results, state, void = export_heads(locale)
    lines = [[name, who[0]], [archive, who[1]], [item, *(v.visit_date.isoformat() for v, _s in own)]]
    values = [flat(v.body) for v, _s in own]
    lines += [
        [_head(row, locale), *(_cell(row, found, locale) for found in values)] for row in rows((disease,))
    ]
    lines.append([mass, *(_plain(bmi(v.weight_kg, v.height_cm)) for v, _s in own)])
    judged = [_results(s[disease.value], locale) for _v, s in own]
    lines += [[head, *(found[i] for found in judged)] for i, head in enumerate(results)]
    lines.append([state, *(void if v.voided_at is not None else "" for v, _s in own)])
    return lines


def _head(row: Row, locale: str) -> str:
    return f"{row.label(locale)} {row.element}".strip()


def _cell(row: Row, values: dict[str, Any], locale: str) -> str:
    if row.key not in values or (row.name == "adherence" and values[row.key] == NOT_PRESCRIBED):
        return ""
    return text_of(row, values[row.key], locale)


def _results(block: dict[str, Any], locale: str) -> tuple[str, ...]:
    number, step = block["classification"], block["next_step"]
    return (
        "" if number is None else class_word(number, locale),
        "" if step is None else step_word(step, locale),
        block["next_due"] or "",
        ("; " if locale.startswith("en") else "；").join(block["reasons"]),
    )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

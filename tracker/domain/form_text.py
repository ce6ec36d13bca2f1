"""A visit as its form shows it: paths of its values, and each value in words with its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.domain.facts import measured
from tracker.domain.form_rows import Row, by_key, drug_rows, rows
from tracker.domain.ranges import RANGES
from tracker.domain.terms import Disease

Flat = dict[str, Any]
YES = {"zh": "是", "en": "yes"}


def flat(body: Mapping[str, Any]) -> Flat:
    """The values of a visit by the keys of its rows; what was not recorded is left out."""
    return dict(_found(body, ""))


def counted(body: Mapping[str, Any]) -> Flat:
    """The same to be shown as the last values: of several pressures of a sitting, the one that counts."""
    sbp, dbp = measured(body)
    return flat(body) | {key: value for key, value in {"sbp": sbp, "dbp": dbp}.items() if value is not None}


def _found(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        key = f"{path}{name}"
        if isinstance(value, Mapping) and key not in by_key():
            yield from _found(value, f"{key}.")
        elif key in by_key() and _recorded(key, value):
            yield key, value


def _recorded(key: str, value: object) -> bool:
    # An empty list of danger signs is an answer, "none of them"; any other empty value is none.
    return value is not None and value is not False and (key == "emergency_signs" or value not in ("", []))


def shown(body: Mapping[str, Any], diseases: Sequence[Disease], locale: str) -> list[tuple[Row, str]]:
    """Every recorded row in the order of the form, in words."""
    values = flat(body)
    return [
        (row, text_of(row, values[row.key], locale)) for row in rows(tuple(diseases)) if row.key in values
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], locale: str) -> list[tuple[Row, str, str]]:
    """The rows in which two versions differ, with what they said; empty where nothing was recorded."""
    old, new = flat(before), flat(after)
    differ = [row for row in rows() if old.get(row.key) != new.get(row.key)]

    def said(version: Mapping[str, Any], row: Row) -> str:
        return text_of(row, version[row.key], locale) if row.key in version else ""

    return [(row, said(old, row), said(new, row)) for row in differ]


def text_of(row: Row, value: Any, locale: str) -> str:
    """One value in words, with its unit."""
    if row.kind == "drugs":
        return _joint("；", locale).join(drug_text(drug, locale) for drug in value)
    if row.kind == "readings":
        return _joint("，", locale).join(f"{sbp}/{dbp}" for sbp, dbp in value)
    if row.kind == "yes":
        return YES["en" if locale.startswith("en") else "zh"]
    if row.kind == "signs" and not value:
        return "none of them" if locale.startswith("en") else "无"
    if row.kind in ("codes", "signs"):
        return _joint("、", locale).join(row.word(code, locale) for code in value)
    if row.kind == "choice":
        return row.word(value, locale)
    return _with_unit(row, value, locale)


def drug_text(drug: Mapping[str, Any], locale: str) -> str:
    """Name, how often, how much: 氨氯地平片 每日1次 每次5mg."""
    times, dose, per = drug.get("times"), drug.get("dose"), drug_rows()[2]
    words = [drug.get("name") or "—"]
    often = per.word(drug.get("per") or "day", locale)
    unit = drug.get("unit") or ""
    if locale.startswith("en"):
        words += [f"{times}× {often}"] if times is not None else []
        words += [f"{dose:g} {unit}".strip()] if dose is not None else []
    else:
        words += [f"{often}{times}次"] if times is not None else []
        words += [f"每次{dose:g}{unit}"] if dose is not None else []
    return " ".join([*words, drug.get("usage") or ""]).strip()


def bmi(weight_kg: float | None, height_cm: float | None) -> float | None:
    """Body mass index, kg/m², to one decimal."""
    if not weight_kg or not height_cm:
        return None
    return round(weight_kg / (height_cm / 100) ** 2, 1)


def _joint(chinese: str, locale: str) -> str:
    return {"；": "; "}.get(chinese, ", ") if locale.startswith("en") else chinese


def _with_unit(row: Row, value: Any, locale: str) -> str:
    if isinstance(value, int | float) and row.name in RANGES:
        return f"{value:g} {RANGES[row.name].unit_in(locale)}"
    return str(value)

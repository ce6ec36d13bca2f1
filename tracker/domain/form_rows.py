"""The rows of the two national follow-up forms: key, label, options; form, page and export read them.

Source: follow-up record forms for hypertension and type-2 diabetes, national specification of 2017.
Keys are paths in the visit as it is sent ("hypertension.salt"); the rows stand in `form_rows.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tracker.domain.policy import load
from tracker.domain.terms import Disease

TABLE = Path(__file__).with_name("form_rows.json")
NONE_OF_THESE = 1  # code of 无症状 on both forms
DEVICE_KEYS = frozenset({"id", "resident_id", "recorded_at", "confirmed_odd", "location"})
"""What a visit carries beside the rows of the form: made by the device, not typed by a person."""


@dataclass(frozen=True, slots=True)
class Option:
    value: int | str
    zh: str
    en: str

    def label(self, locale: str) -> str:
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Row:
    """`block` is the part of the visit that holds the row, empty for the encounter itself; `older` options
    are read in older records but no longer offered."""

    key: str
    kind: str
    group: str
    zh: str
    en: str
    block: str = ""
    options: tuple[Option, ...] = ()
    older: tuple[Option, ...] = ()
    target: str | None = None
    element: str = ""

    @property
    def name(self) -> str:
        """The key inside its block."""
        return self.key.removeprefix(f"{self.block}.")

    def label(self, locale: str) -> str:
        return self.en if locale.startswith("en") else self.zh

    def word(self, value: object, locale: str) -> str:
        """An option's word; the code itself where the form has no such option."""
        found = (o.label(locale) for o in (*self.options, *self.older) if o.value == value)
        return next(found, str(value))


@cache
def rows(diseases: tuple[Disease, ...] = tuple(Disease)) -> tuple[Row, ...]:
    """Every row of the forms of these diseases, in the order of the encounter."""
    table = _table()
    found = [_row(entry, "") for entry in table["visit"]]
    for disease in diseases:
        entries = [*table["disease"], *table[disease.value]]
        found += [_row(entry, disease.value) for entry in entries]
    found += [_row(entry, "referral_form") for entry in table["referral_form"]]
    return tuple(found)


@cache
def by_key() -> Mapping[str, Row]:
    return {row.key: row for row in rows()}


@cache
def drug_rows() -> tuple[Row, ...]:
    """The columns of one medicine."""
    return tuple(_row(entry, "") for entry in _table()["drug"])


def asking_symptoms(disease: Disease, codes: Iterable[int]) -> list[int]:
    """Those of the ticked symptoms that may be a danger sign, so that one asks once whether they are."""
    asks = _table()["symptoms"][disease.value]["asks"]
    return [code for code in codes if code in asks]


@cache
def medicines(disease: Disease) -> tuple[str, ...]:
    """Common medicines of the disease, to pick from; any other name may be typed."""
    return tuple(_table()["medicines"][disease.value].split())


def disease_word(disease: str, locale: str) -> str:
    return _pick(_table()["diseases"][disease], locale)


def class_word(number: int, locale: str) -> str:
    """此次随访分类 in words."""
    return _pick(_table()["classes"][str(number)], locale)


def step_word(number: int, locale: str) -> str:
    """下一步管理措施 in words."""
    return _pick(_table()["steps"][str(number)], locale)


def export_heads(locale: str) -> list[str]:
    """Heads of the lines that an export has beside the rows of the form."""
    heads: list[str] = _table()["export"]["en" if locale.startswith("en") else "zh"]
    return heads


def signs_of(diseases: Sequence[Disease]) -> list[str]:
    """Danger signs that these diseases ask about, each once."""
    rows_of_pack = (row for d in diseases for row in load().pack["diseases"][d.value]["own_emergency"])
    codes = [row["when"][2] for row in rows_of_pack if row["when"][:2] == ["has", "signs"]]
    # What stands for everything else comes last.
    return sorted(dict.fromkeys(codes), key=lambda code: code == "other")


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return loaded


def _row(entry: Mapping[str, Any], block: str) -> Row:
    key = f"{block}.{entry['key']}" if block else entry["key"]
    return Row(
        key=key,
        kind=entry["kind"],
        group=entry["group"],
        zh=entry["zh"],
        en=entry["en"],
        block=block,
        options=_options(entry, block),
        older=_as_options(entry.get("older", [])),
        target=entry.get("target"),
        element=entry.get("element", ""),
    )


def _options(entry: Mapping[str, Any], block: str) -> tuple[Option, ...]:
    if entry["key"] == "symptoms":
        return _as_options(_table()["symptoms"][block]["options"])
    if entry["kind"] == "signs":
        texts = load().pack["texts"]
        found = ((code, texts[f"sign_{code}"]) for code in signs_of(tuple(Disease)))
        return tuple(Option(code, text["zh"], text["en"]) for code, text in found)
    return _as_options(entry.get("options", []))


def _as_options(entries: Iterable[Sequence[Any]]) -> tuple[Option, ...]:
    return tuple(Option(*entry) for entry in entries)


def _pick(words: Sequence[str], locale: str) -> str:
    return words[1] if locale.startswith("en") else words[0]

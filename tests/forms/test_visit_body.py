"""The phone makes of what stands in the boxes the very visit that the server's form makes of it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.frontend import printed, source
from tracker.domain import ranges
from tracker.domain.form_rows import Row, drug_rows, rows
from tracker.domain.terms import Disease
from tracker.forms.visit_check import form_day
from tracker.forms.visit_entry import read
from tracker.web.visit_page import rules

FILLINGS = 1_500
SETS: tuple[tuple[Disease, ...], ...] = (tuple(Disease), (Disease.HYPERTENSION,), (Disease.DIABETES,))
SCRIPT = f"""
import {{ bodyOf, entriesOf, withoutLater }} from "{source("phone/visit_body.js")}";
let text = "";
for await (const part of process.stdin) text += part;
const answers = JSON.parse(text).map(({{ entries, kinds, diseases, enrolled }}) => {{
  const {{ body, wrong }} = bodyOf(entries, kinds, diseases, {{}});
  const again = bodyOf(entriesOf(body, kinds), kinds, diseases, {{}}).body;
  return {{ body: withoutLater(body, enrolled), whole: body, again, wrong: Object.keys(wrong) }};
}});
process.stdout.write(JSON.stringify(answers));
"""
TEXTS = ("", " ", "头晕", " 早饭后 ", "10U；睡前", "a\tb")
WHOLES = ("", " ", "0", "7", "72", "138", "１３８", "-5", "1e3", "一百", "3.5", "1234567890", " 88 ")
NUMBERS = (
    "",
    "6.1",
    "6。1",
    "６．１",
    "6.",
    ".5",
    "0",
    "-1",
    "6,1",
    "12345678.12345",
    "nan",
    "1e5",
    " 64.50 ",
)
PRESSURES = (
    "",
    "138",
    "13886",
    "138/86",
    "１３８／86",
    "9860",
    "180110",
    "138-86mmHg",
    "1388/6",
    "13 8",
    "86",
)
DAYS = ("", "2026-11-20", "2026-02-30", "11月", "2026-01-05")


class Maker:
    """Boxes filled by somebody who types anything, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def filling(self, diseases: tuple[Disease, ...]) -> list[tuple[str, str]]:
        entries: list[tuple[str, str]] = [("id", "x"), ("confirmed_odd", "sbp")]
        for row in rows(diseases):
            if self.random.random() < 0.7:
                entries += self.boxes(row)
        return entries

    def boxes(self, row: Row) -> list[tuple[str, str]]:
        if row.kind == "drugs":
            return self.drugs(row.key)
        if row.kind == "readings":
            return [
                (f"bp_readings.{i}.{name}", self.random.choice(PRESSURES))
                for i in range(1, 3) for name in ("sbp", "dbp")
            ]  # fmt: skip
        if row.kind in ("codes", "signs"):
            return [(row.key, code) for code in self.codes(row)]
        return [(row.key, value) for value in self.value(row)]

    def codes(self, row: Row) -> list[str]:
        offered = [str(option.value) for option in row.options]
        if row.kind == "signs":
            return self.random.choice([["none"], ["not_asked"], ["other"], ["other", "none"], []])
        return sorted(self.random.sample(offered, self.random.randint(0, 3)))

    def value(self, row: Row) -> list[str]:
        if row.kind == "choice":
            return [str(self.random.choice(row.options).value)]
        if row.kind == "yes":
            return self.random.choice([["y"], []])
        if row.key in ("sbp", "dbp"):
            return [self.random.choice(PRESSURES)]
        kinds = {"whole": WHOLES, "number": NUMBERS, "day": DAYS}
        return [self.random.choice(kinds.get(row.kind, TEXTS))]

    def drugs(self, path: str) -> list[tuple[str, str]]:
        found = []
        for index in range(self.random.randint(1, 4)):
            for column in drug_rows():
                value = self.value(column)[0] if self.random.random() < 0.6 else ""
                found.append((f"{path}.{index}.{column.key}", value))
        return found


def in_javascript(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return printed(SCRIPT, cases)  # type: ignore[no-any-return]


def by_the_form(entries: list[tuple[str, str]], diseases: tuple[Disease, ...]) -> dict[str, Any]:
    body = dict(read(diseases, MultiDict(entries)).body)
    body.setdefault("mode", None)
    confirmed = [key for key in ranges.odd(body) if key in body.pop("confirmed_odd", [])]
    return body | ({"confirmed_odd": confirmed} if confirmed else {})


@pytest.mark.parametrize("diseases", SETS, ids=lambda found: "-".join(found))
def test_phone_and_form_read_the_same_visit_from_the_same_boxes(
    app: Flask, diseases: tuple[Disease, ...]
) -> None:
    make = Maker(7)
    fillings = [make.filling(diseases) for _ in range(FILLINGS)]
    with app.test_request_context():
        kinds = {key: kind for kind, keys in rules(diseases)["kinds"].items() for key in keys}
        expected = [by_the_form(entries, diseases) for entries in fillings]
    names = [disease.value for disease in diseases]
    case = {"kinds": kinds, "diseases": names, "enrolled": {}}
    answers = in_javascript([case | {"entries": entries} for entries in fillings])
    for entries, body, answer in zip(fillings, expected, answers, strict=True):
        body.pop("confirmed_odd", None)
        assert answer["whole"] == body, entries
        if not answer["wrong"] and not set(dict(entries)) & {"not_danger"}:
            assert answer["again"] == answer["whole"], entries


def test_a_visit_before_the_second_enrolment_leaves_that_disease_out() -> None:
    kinds = {"visit_date": "day", "diabetes.fpg": "number", "hypertension.symptoms": "codes"}
    case = {
        "kinds": kinds,
        "diseases": ["hypertension", "diabetes"],
        "enrolled": {"hypertension": "2026-01-01", "diabetes": "2026-11-10"},
    }
    early = [["visit_date", "2026-11-02"], ["hypertension.symptoms", "1"]]
    typed = [*early, ["diabetes.fpg", "6.1"]]
    later = [["visit_date", "2026-11-10"]]
    bodies = [one["body"] for one in in_javascript([case | {"entries": e} for e in (early, typed, later)])]
    assert ["diabetes" in body for body in bodies] == [False, True, True]
    assert form_day(bodies[0]) is not None

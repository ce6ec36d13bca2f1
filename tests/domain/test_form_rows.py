"""The rows of the national forms against the visit as it is sent."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from tracker.domain.form_rows import DEVICE_KEYS, by_key, class_word, drug_rows, rows, signs_of
from tracker.domain.ranges import RANGES
from tracker.domain.terms import ComplicationKind, Disease, EmergencySign
from tracker.schemas.visit import DiabetesBlock, Drug, HypertensionBlock, Insulin, ReferralForm, VisitIn

BLOCKS: dict[str, type[BaseModel]] = {
    "hypertension": HypertensionBlock,
    "diabetes": DiabetesBlock,
    "diabetes.insulin": Insulin,
    "referral_form": ReferralForm,
}


def test_every_field_of_a_visit_has_a_row_and_every_row_a_field() -> None:
    fields = set(VisitIn.model_fields)
    for path, block in BLOCKS.items():
        fields.discard(path)
        fields |= {f"{path}.{name}" for name in block.model_fields if f"{path}.{name}" not in BLOCKS}
    assert {row.key for row in rows()} == fields - DEVICE_KEYS


def test_a_medicine_has_a_column_for_every_field() -> None:
    assert [row.key for row in drug_rows()] == list(Drug.model_fields)


def test_every_danger_sign_and_complication_has_a_word() -> None:
    assert set(signs_of(tuple(Disease))) == set(EmergencySign)
    options = by_key()["hypertension.complications"].options
    assert {option.value for option in options} == set(ComplicationKind)


def test_a_person_without_diabetes_is_not_asked_for_its_signs() -> None:
    assert "ketone_breath" not in signs_of([Disease.HYPERTENSION])
    assert signs_of([Disease.HYPERTENSION])[-1] == "other"


@pytest.mark.parametrize("row", [r for r in rows() if r.kind in ("whole", "number")], ids=lambda r: r.key)
def test_every_number_has_a_range(row) -> None:
    assert row.name in RANGES


def test_codes_are_words_in_both_languages() -> None:
    salt = by_key()["hypertension.salt"]
    assert (salt.word(3, "zh_Hans_CN"), salt.word(3, "en"), salt.word(8, "en")) == ("重", "much", "8")
    assert by_key()["diabetes.foot_pulse"].word(2, "zh_Hans_CN") == "减弱"
    assert class_word(4, "en") == "complication"

"""The typed visit: both national follow-up forms in one encounter, as every way in produces it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tracker.domain import ranges
from tracker.domain.terms import (
    Complication,
    ComplicationKind,
    EmergencySign,
    Mode,
    ReferralResult,
    Unmeasurable,
)
from tracker.schemas.types import Day, Long, Moment, Number, Short, Strict, Text, Whole

READINGS_AT_MOST = 6
DRUGS_AT_MOST = 20
VISITS_AT_MOST = 100


def _code(value: Any) -> Any:
    if isinstance(value, bool | str | float):
        raise PydanticCustomError("code_type", "要填代码数字")
    return value


def codes(*allowed: int) -> Any:
    """A number that is one of the form's option codes."""
    return Annotated[Literal[allowed], BeforeValidator(_code)]


class Measured(Strict):
    """Checks every number that has a range of possible values."""

    @field_validator("*", mode="after")
    @classmethod
    def possible(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        if name in ranges.RANGES and ranges.impossible(name, value):
            bounds = ranges.RANGES[name]
            raise PydanticCustomError(
                "out_of_range",
                "{label}应在 {low:g}–{high:g} 之间，您填的是 {value:g}",
                {
                    "label": bounds.label_zh,
                    "key": name,
                    "low": bounds.low,
                    "high": bounds.high,
                    "value": value,
                },
            )
        return value


class Drug(Measured):
    name: Short = ""
    times: Whole | None = None
    per: Literal["day", "week"] = "day"
    dose: Number | None = None
    unit: Short = ""
    usage: Text = ""


class Insulin(Strict):
    type: Short = ""
    usage: Text = ""


class DiseaseBlock(Measured):
    """The rows that both forms have for one disease."""

    symptoms: list[Whole] = []
    symptoms_other: Text = ""
    exam: Long = ""
    adherence: codes(0, 1, 2, 3) | None = None  # type: ignore[valid-type]
    adherence_reason: codes(1, 2, 3, 4, 9) | None = None  # type: ignore[valid-type]
    adverse_reaction: codes(1, 2) | None = None  # type: ignore[valid-type]
    adverse_reaction_text: Text = ""
    adverse_reaction_uncontrollable: bool = False
    complication: Complication | None = None
    complications: list[ComplicationKind] = []
    drugs: Annotated[list[Drug], Field(max_length=DRUGS_AT_MOST)] = []
    drug_changes: Annotated[list[Drug], Field(max_length=DRUGS_AT_MOST)] = []
    raised_classification: codes(2, 3, 4) | None = None  # type: ignore[valid-type]
    raise_reason: Text = ""
    appointment_on: Day | None = None

    @field_validator("symptoms")
    @classmethod
    def symptoms_of_the_form(cls, value: list[int]) -> list[int]:
        if any(code not in range(1, 10) for code in value) or len(set(value)) != len(value):
            raise PydanticCustomError("symptom_code", "症状代码是 1–9，不能重复")
        if 1 in value and len(value) > 1:
            raise PydanticCustomError("symptom_exclusive", "“无症状”不能和别的症状一起选")
        return value

    @model_validator(mode="after")
    def explained(self) -> Self:
        if self.adverse_reaction == 2 and not self.adverse_reaction_text.strip():
            raise PydanticCustomError(
                "explain_reaction", "有不良反应时要写明药物和反应", {"field": "adverse_reaction_text"}
            )
        if self.raised_classification is not None and not self.raise_reason.strip():
            raise PydanticCustomError("explain_raise", "提高分类要写明原因", {"field": "raise_reason"})
        return self


class HypertensionBlock(DiseaseBlock):
    salt: codes(1, 2, 3) | None = None  # type: ignore[valid-type]
    salt_target: codes(1, 2, 3) | None = None  # type: ignore[valid-type]


class DiabetesBlock(DiseaseBlock):
    fpg: Number | None = None
    fpg_method: codes(1, 2) | None = None  # type: ignore[valid-type]
    ppg: Number | None = None
    random_glucose: Number | None = None
    hba1c: Number | None = None
    hba1c_on: Day | None = None
    foot_pulse: codes(1, 2, 21, 22, 23, 3, 31, 32, 33) | None = None  # type: ignore[valid-type]
    staple_g_per_day: Whole | None = None
    staple_target: Whole | None = None
    hypoglycaemia: codes(1, 2, 3) | None = None  # type: ignore[valid-type]
    insulin: Insulin | None = None


class ReferralForm(Strict):
    """What the visit learned of an open referral, and where a new one goes."""

    outcome: ReferralResult | None = None
    outcome_on: Day | None = None
    source: Text = ""
    institution: Text = ""
    department: Text = ""
    contact: Short = ""
    phone: Short = ""
    reason: Text = ""


class Place(Strict):
    latitude: Number
    longitude: Number
    accuracy_m: Number | None = None


class VisitIn(Measured):
    """One encounter. What is left out was not recorded; `emergency_signs` must be said (null: not asked)."""

    id: UUID
    resident_id: UUID
    visit_date: Day
    mode: Mode | None
    recorded_at: Moment
    informant: Literal["self", "family"] | None = None
    visited_by: Short | None = None
    late_reason: Text | None = None
    confirmed_odd: list[Short] = []
    location: Place | None = None
    note: Text = ""
    emergency_signs: list[EmergencySign] | None
    sbp: Whole | None = None
    dbp: Whole | None = None
    bp_source: codes(1, 2, 3, 4) | None = None  # type: ignore[valid-type]
    bp_readings: Annotated[list[tuple[Whole, Whole]], Field(max_length=READINGS_AT_MOST)] | None = None
    heart_rate: Whole | None = None
    temperature: Number | None = None
    unmeasurable: Unmeasurable | None = None
    no_reading_reason: Text = ""
    weight_kg: Number | None = None
    weight_target_kg: Number | None = None
    height_cm: Number | None = None
    bmi_target: Number | None = None
    other_signs: Text = ""
    smoking_per_day: Whole | None = None
    smoking_target: Whole | None = None
    drinking_liang_per_day: Number | None = None
    drinking_target: Number | None = None
    sport_times_per_week: Whole | None = None
    sport_minutes: Whole | None = None
    sport_times_target: Whole | None = None
    sport_minutes_target: Whole | None = None
    psychology: codes(1, 2, 3) | None = None  # type: ignore[valid-type]
    compliance: codes(1, 2, 3) | None = None  # type: ignore[valid-type]
    hypertension: HypertensionBlock | None = None
    diabetes: DiabetesBlock | None = None
    referral_form: ReferralForm | None = None

    @field_validator("bp_readings")
    @classmethod
    def possible_readings(cls, value: list[tuple[int, int]] | None) -> list[tuple[int, int]] | None:
        for sbp, dbp in value or []:
            if ranges.impossible("sbp", sbp) or ranges.impossible("dbp", dbp) or ranges.crossed(sbp, dbp):
                raise PydanticCustomError(
                    "reading", "这一次血压不可能：{sbp}/{dbp}", {"sbp": sbp, "dbp": dbp}
                )
        return value

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if ranges.crossed(self.sbp, self.dbp):
            raise PydanticCustomError(
                "crossed",
                "舒张压应低于收缩压，您填的是 {sbp}/{dbp}",
                {"field": "dbp", "sbp": self.sbp, "dbp": self.dbp},
            )
        return self

    def body(self) -> dict[str, Any]:
        """What was sent, as JSON values; keys that were left out stay out."""
        return self.model_dump(mode="json", exclude_unset=True)


class Correction(VisitIn):
    """A new version of a visit; `version` is the one it replaces."""

    version: Whole
    reason: Long = ""

    def visit(self) -> VisitIn:
        """The new content alone."""
        sent = self.model_dump(mode="json", exclude_unset=True, exclude={"version", "reason"})
        return VisitIn.model_validate(sent)


class Void(Strict):
    reason: Annotated[Long, Field(min_length=1)]


class VisitBatch(Strict):
    """The body of `POST /visits`, as the document of the API shows it."""

    visits: Annotated[list[VisitIn], Field(max_length=VISITS_AT_MOST)]


class VisitEnvelope(Strict):
    """The same as it is read: each item stands for itself, so none is looked at here."""

    visits: Annotated[list[Any], Field(max_length=VISITS_AT_MOST)]


def odd_keys(body: Mapping[str, Any]) -> list[str]:
    """Measured values of a visit that are possible but odd and that nobody confirmed."""
    confirmed = set(body.get("confirmed_odd") or [])
    return [key for key in ranges.odd(body) if key not in confirmed]

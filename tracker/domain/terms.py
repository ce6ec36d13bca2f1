"""The words of follow-up care as closed lists: codes of the national forms and of our own interface.

Source: follow-up record forms for hypertension and type-2 diabetes, national specification of 2017.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Disease(StrEnum):
    HYPERTENSION = "hypertension"
    DIABETES = "diabetes"


class Mode(StrEnum):
    """How a visit took place; the first two are face to face."""

    CLINIC = "clinic"
    HOME = "home"
    PHONE = "phone"


class Classification(IntEnum):
    """此次随访分类; a higher number is more severe."""

    CONTROLLED = 1
    UNCONTROLLED = 2
    ADVERSE_REACTION = 3
    COMPLICATION = 4


class NextStep(IntEnum):
    """下一步管理措施."""

    ROUTINE = 1
    TWO_WEEK = 2
    REFER = 3
    URGENT = 4


class Referral(StrEnum):
    ADVISED = "advised"
    URGENT = "urgent"


class TaskKind(StrEnum):
    ROUTINE = "routine"
    TWO_WEEK = "two_week"
    REFERRAL_TRACKING = "referral_tracking"
    RECONTACT = "recontact"


class Status(StrEnum):
    """管理状态 of a person on a disease register."""

    ACTIVE = "active"
    AWAY = "away"
    HOSPITALISED = "hospitalised"
    LOST = "lost"
    DEAD = "dead"
    TRANSFERRED = "transferred"
    MOVED_OUT = "moved_out"
    REFUSED = "refused"
    MISDIAGNOSED = "misdiagnosed"


CLOSING = frozenset({Status.DEAD, Status.MOVED_OUT, Status.REFUSED, Status.MISDIAGNOSED})
"""Statuses that end follow-up: every open task is cancelled until the person is active again."""


class ReferralResult(StrEnum):
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    IN_HOSPITAL = "in_hospital"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Complication(StrEnum):
    NONE = "none"
    NEW = "new"
    WORSE = "worse"


class ComplicationKind(StrEnum):
    STROKE = "stroke"
    TIA = "tia"
    MYOCARDIAL_INFARCTION = "myocardial_infarction"
    ANGINA = "angina"
    HEART_FAILURE = "heart_failure"
    NEPHROPATHY = "nephropathy"
    RENAL_FAILURE = "renal_failure"
    PERIPHERAL_ARTERY = "peripheral_artery"
    RETINOPATHY = "retinopathy"
    AORTIC_DISSECTION = "aortic_dissection"
    NEUROPATHY = "neuropathy"
    DIABETIC_FOOT = "diabetic_foot"
    KETOACIDOSIS = "ketoacidosis"
    HYPEROSMOLAR = "hyperosmolar"
    OTHER = "other"


class Unmeasurable(StrEnum):
    """What the device could not show; each is an emergency by itself."""

    BP = "bp"
    GLUCOSE_HI = "glucose_hi"
    GLUCOSE_LO = "glucose_lo"


class EmergencySign(StrEnum):
    """Danger signs that are ticked; which disease owns which sign stands in the policy pack."""

    CONSCIOUSNESS = "consciousness"
    SEVERE_HEADACHE = "severe_headache"
    NAUSEA_VOMITING = "nausea_vomiting"
    BLURRED_VISION = "blurred_vision"
    EYE_PAIN = "eye_pain"
    PALPITATIONS = "palpitations"
    CHEST_TIGHTNESS = "chest_tightness"
    ORTHOPNOEA = "orthopnoea"
    PREGNANCY_HIGH = "pregnancy_high"
    BEHAVIOUR = "behaviour"
    KETONE_BREATH = "ketone_breath"
    SWEATING = "sweating"
    ANOREXIA = "anorexia"
    POLYDIPSIA = "polydipsia"
    ABDOMINAL_PAIN = "abdominal_pain"
    DEEP_BREATHING = "deep_breathing"
    FLUSHED_SKIN = "flushed_skin"
    TACHYCARDIA = "tachycardia"
    VISION_DROP = "vision_drop"
    OTHER = "other"


FACE_TO_FACE = frozenset({Mode.CLINIC, Mode.HOME})

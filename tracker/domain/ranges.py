"""Which numbers a visit can hold: outside the hard range is impossible, outside the soft range is odd.

Keys are those of the visit as it is sent; the ranges are our own, units follow the national forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

UNITS = {
    "次/分": "beats/min",
    "支": "cigarettes",
    "两": "liang",
    "次/周": "times/week",
    "分钟/次": "minutes",
    "g/日": "g/day",
    "次": "times",
}
"""The units that are Chinese words, in English."""


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to a range; `step` is the finest value a form takes."""

    label_zh: str
    label_en: str
    unit: str
    low: float
    high: float
    soft_low: float | None = None
    soft_high: float | None = None
    step: float = 1

    def label(self, locale: str) -> str:
        return self.label_en if locale.startswith("en") else self.label_zh

    def unit_in(self, locale: str) -> str:
        return UNITS.get(self.unit, self.unit) if locale.startswith("en") else self.unit


_weight = (20, 250, 30, 150, 0.1)
_glucose = (1.0, 40.0, 3.0, 20.0, 0.1)
_smoking = (0, 100, None, 60)
_drinking = (0, 50, None, 20, 0.1)
_staple = (0, 1500, 50, 800)

RANGES: dict[str, Range] = {
    "sbp": Range("收缩压", "Systolic pressure", "mmHg", 50, 300, 80, 220),
    "dbp": Range("舒张压", "Diastolic pressure", "mmHg", 0, 200, 45, 130),
    "heart_rate": Range("心率", "Heart rate", "次/分", 30, 220, 45, 130),
    "temperature": Range("体温", "Temperature", "℃", 34.0, 43.0, step=0.1),
    "weight_kg": Range("体重", "Weight", "kg", *_weight),
    "weight_target_kg": Range("体重目标", "Target weight", "kg", *_weight),
    "height_cm": Range("身高", "Height", "cm", 80, 220, step=0.1),
    "bmi": Range("体质指数", "Body mass index", "kg/m²", 10, 60, step=0.1),
    "bmi_target": Range("体质指数目标", "Target body mass index", "kg/m²", 10, 60, step=0.1),
    "smoking_per_day": Range("日吸烟量", "Cigarettes a day", "支", *_smoking),
    "smoking_target": Range("日吸烟量目标", "Target cigarettes a day", "支", *_smoking),
    "drinking_liang_per_day": Range("日饮酒量", "Alcohol a day", "两", *_drinking),
    "drinking_target": Range("日饮酒量目标", "Target alcohol a day", "两", *_drinking),
    "sport_times_per_week": Range("运动次数", "Exercise times", "次/周", 0, 21),
    "sport_times_target": Range("运动次数目标", "Target exercise times", "次/周", 0, 21),
    "sport_minutes": Range("运动时间", "Exercise minutes", "分钟/次", 0, 300),
    "sport_minutes_target": Range("运动时间目标", "Target exercise minutes", "分钟/次", 0, 300),
    "fpg": Range("空腹血糖", "Fasting glucose", "mmol/L", *_glucose),
    "ppg": Range("餐后2小时血糖", "Glucose 2 h after a meal", "mmol/L", 1.0, 40.0, step=0.1),
    "random_glucose": Range("随机血糖", "Random glucose", "mmol/L", 1.0, 40.0, step=0.1),
    "hba1c": Range("糖化血红蛋白", "HbA1c", "%", 3.0, 20.0, step=0.1),
    "staple_g_per_day": Range("主食", "Staple food", "g/日", *_staple),
    "staple_target": Range("主食目标", "Target staple food", "g/日", *_staple),
    "times": Range("用药次数", "Doses", "次", 1, 8),
}
PULSE_PRESSURE = "pulse_pressure"
RANGES[PULSE_PRESSURE] = Range("脉压", "Pulse pressure", "mmHg", 1, 250, 20, 100)
BLOCKS = ("hypertension", "diabetes")


def rows() -> list[dict[str, object]]:
    """The table as JSON values, in its order, for a browser that checks by the same numbers."""
    return [
        {"key": key} | {name: value for name, value in asdict(bounds).items() if value is not None}
        for key, bounds in RANGES.items()
    ]


def impossible(key: str, value: object) -> bool:
    """Outside the hard range; a key without a range and a missing value are never impossible."""
    number, bounds = _number(value), RANGES.get(key)
    if number is None or bounds is None:
        return False
    return not bounds.low <= number <= bounds.high


def crossed(sbp: object, dbp: object) -> bool:
    """Diastolic not below systolic: impossible, most often the two were swapped."""
    upper, lower = _number(sbp), _number(dbp)
    return upper is not None and lower is not None and lower >= upper


def odd(values: Mapping[str, object]) -> list[str]:
    """Keys to be confirmed, in the order of the table; takes a whole visit or a flat mapping.

    `pulse_pressure` stands for a difference of the pressures outside 20 to 100 mmHg.
    """
    flat = dict(values)
    for block in BLOCKS:
        inner = values.get(block)
        flat.update(inner if isinstance(inner, Mapping) else {})
    upper, lower = _number(flat.get("sbp")), _number(flat.get("dbp"))
    if upper is not None and lower is not None:
        flat[PULSE_PRESSURE] = upper - lower
    return [key for key in RANGES if _outside_soft(key, flat.get(key))]


def _outside_soft(key: str, value: object) -> bool:
    number, bounds = _number(value), RANGES[key]
    if number is None:
        return False
    too_low = bounds.soft_low is not None and number < bounds.soft_low
    return too_low or (bounds.soft_high is not None and number > bounds.soft_high)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value)

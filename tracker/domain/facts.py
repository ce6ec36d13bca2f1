"""The facts of a visit that a policy pack may ask about, taken from the visit as it was sent.

The mean of the last two of several pressure readings counts, unrounded; a dangerous one among them stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from tracker.domain import calendar
from tracker.domain.terms import Complication, Disease

Number = int | float
READING = {Disease.HYPERTENSION: ("sbp", "dbp"), Disease.DIABETES: ("fpg",)}
GLUCOSE = ("fpg", "ppg", "random_glucose")
PRESENT = 2  # code of the form's box 药物不良反应: 1 none, 2 present


def facts(
    disease: Disease, visit: Mapping[str, object], *, birth_date: date, visit_date: date, pregnant: bool
) -> dict[str, object]:
    """JSON values by name, None where nothing was recorded; the whole encounter is looked at.

    Pressures in mmHg, glucose in mmol/L, temperature in degrees Celsius.
    """
    block, diabetes = _block(visit, disease), _block(visit, Disease.DIABETES)
    heated = disease is Disease.DIABETES or visit.get("diabetes") is not None
    return {
        "age": calendar.age(birth_date, visit_date),
        "pregnant": pregnant,
        "temperature": _number(visit.get("temperature")) if heated else None,
        "heart_rate": _number(visit.get("heart_rate")),
        "signs": _codes(visit.get("emergency_signs")),
        "unmeasurable": _codes([visit["unmeasurable"]] if visit.get("unmeasurable") else []),
        "hypoglycaemia": _number(diabetes.get("hypoglycaemia")),
        "hba1c": _number(diabetes.get("hba1c")),
        **_pressure(visit),
        **_glucose(diabetes),
        **_harm(block),
    }


def has_reading(disease: Disease, known: Mapping[str, object]) -> bool:
    """Whether the visit can be evaluated: both pressures, or the fasting glucose."""
    # A loop takes a third of the time of all(), and every visit is asked twice in every replay.
    for name in READING[disease]:  # noqa: SIM110
        if known.get(name) is None:
            return False
    return True


def measured(visit: Mapping[str, object]) -> tuple[int | None, int | None]:
    """The pressure that counts in whole mmHg; a half is left off, as it never carries a mean to a limit."""
    sbp, dbp = pressure(visit)
    return _whole(sbp), _whole(dbp)


def pressure(visit: Mapping[str, object]) -> tuple[Number | None, Number | None]:
    """The pressure that counts: the mean of the last two readings as it is, else the one noted."""
    rows = _readings(visit)
    if len(rows) >= 2:
        (first, second), (third, fourth) = rows[-2:]
        return _mean(first, third), _mean(second, fourth)
    sbp, dbp = _number(visit.get("sbp")), _number(visit.get("dbp"))
    if rows and sbp is None and dbp is None:
        sbp, dbp = rows[0]
    return sbp, dbp


def fasting_glucose(visit: Mapping[str, object]) -> float | None:
    """Fasting glucose of the diabetes block, mmol/L."""
    value = _number(_block(visit, Disease.DIABETES).get("fpg"))
    return None if value is None else float(value)


def _pressure(visit: Mapping[str, object]) -> dict[str, object]:
    rows = _readings(visit)
    sbp, dbp = pressure(visit)
    noted = (_number(visit.get("sbp")), _number(visit.get("dbp")))
    return {
        "sbp": sbp,
        "dbp": dbp,
        "sbp_max": _extreme([noted[0], *(row[0] for row in rows)])[1],
        "dbp_max": _extreme([noted[1], *(row[1] for row in rows)])[1],
    }


def _glucose(block: Mapping[str, object]) -> dict[str, object]:
    low, high = _extreme(_number(block.get(key)) for key in GLUCOSE)
    return {"fpg": _number(block.get("fpg")), "glucose_min": low, "glucose_max": high}


def _harm(block: Mapping[str, object]) -> dict[str, object]:
    reaction = _number(block.get("adverse_reaction"))
    change = block.get("complication")
    return {
        "adverse_reaction": None if reaction is None else reaction == PRESENT,
        "adverse_reaction_uncontrollable": bool(block.get("adverse_reaction_uncontrollable")),
        "complication_new": change == Complication.NEW,
        "complication_worse": change == Complication.WORSE,
    }


def _block(visit: Mapping[str, object], disease: Disease) -> Mapping[str, object]:
    block = visit.get(disease)
    return block if isinstance(block, Mapping) else {}


def _readings(visit: Mapping[str, object]) -> list[tuple[Number, Number]]:
    rows = visit.get("bp_readings")
    if not isinstance(rows, list | tuple):
        return []
    pairs = ((_number(row[0]), _number(row[1])) for row in rows)
    return [(sbp, dbp) for sbp, dbp in pairs if sbp is not None and dbp is not None]


def _number(value: object) -> Number | None:
    # A Decimal of 3.9 lies above the float 3.9: bring all numbers to the kind the pack is written in.
    if value is None or type(value) is int or type(value) is float:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return int(value) if isinstance(value, int) else float(value)


def _codes(value: object) -> list[str] | None:
    return [str(code) for code in value] if isinstance(value, list | tuple | set | frozenset) else None


def _extreme(values: Iterable[Number | None]) -> tuple[Number | None, Number | None]:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else (None, None)


def _mean(first: Number, second: Number) -> Number:
    mean = (first + second) / 2
    return int(mean) if mean.is_integer() else mean


def _whole(value: Number | None) -> int | None:
    return None if value is None else int(value)

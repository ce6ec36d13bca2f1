"""The follow-up forms that the doctors of the made-up county fill in: what `VisitIn` takes, key by key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from random import Random
from typing import Any

from tracker.demo.health import Health
from tracker.domain.terms import Disease, Mode

Body = dict[str, Any]
HYPERTENSION_DRUGS = (
    ("苯磺酸氨氯地平片", 1, 5, "mg"),
    ("硝苯地平缓释片", 2, 20, "mg"),
    ("缬沙坦胶囊", 1, 80, "mg"),
    ("厄贝沙坦片", 1, 150, "mg"),
    ("马来酸依那普利片", 2, 10, "mg"),
    ("酒石酸美托洛尔片", 2, 25, "mg"),
    ("氢氯噻嗪片", 1, 12.5, "mg"),
)
DIABETES_DRUGS = (
    ("盐酸二甲双胍片", 2, 500, "mg"),
    ("格列美脲片", 1, 2, "mg"),
    ("阿卡波糖片", 3, 50, "mg"),
    ("格列齐特缓释片", 1, 60, "mg"),
    ("达格列净片", 1, 10, "mg"),
)
REACTIONS = {
    Disease.HYPERTENSION: ("服硝苯地平后踝部水肿", "服依那普利后干咳", "服药后头晕"),
    Disease.DIABETES: ("服二甲双胍后腹泻", "服阿卡波糖后腹胀"),
}
COMPLICATIONS = {
    Disease.HYPERTENSION: ("stroke", "angina", "nephropathy", "heart_failure", "tia"),
    Disease.DIABETES: ("retinopathy", "neuropathy", "nephropathy", "diabetic_foot"),
}
SIGNS = ("severe_headache", "blurred_vision", "chest_tightness", "palpitations")


def fill(random: Random, health: Health, on: date, mode: Mode, diseases: Collection[Disease]) -> Body:
    """A face-to-face visit, or a call with what the person can say; ids and moments are added later."""
    body: Body = {"visit_date": on.isoformat(), "mode": str(mode), "emergency_signs": []}
    if mode is Mode.PHONE:
        _by_phone(random, health, on, body, diseases)
    else:
        _measure(random, health, on, body)
        _habits(random, health, body)
    for disease in diseases:
        body[str(disease)] = _block(random, health, disease, mode)
    return body


def first(random: Random, health: Health, body: Body) -> None:
    """What only the first visit notes."""
    body["height_cm"] = health.height_cm
    body["weight_target_kg"] = round(min(health.weight_kg, 24 * health.height_cm**2 / 10_000), 1)
    body["informant"] = random.choices(("self", "family"), (9, 1))[0]


def _measure(random: Random, health: Health, on: date, body: Body) -> None:
    body["sbp"], body["dbp"] = health.pressure(random, on)
    if random.random() < 0.25:
        body["bp_readings"] = [list(health.pressure(random, on)), [body["sbp"], body["dbp"]]]
    body["bp_source"] = random.choices((1, 2, 4), (80, 5, 15))[0]
    body["heart_rate"] = health.pulse(random)
    if random.random() < 0.75:
        body["weight_kg"] = health.weigh(random)
    if random.random() < 0.004:
        body["emergency_signs"] = [random.choice(SIGNS)]


def _by_phone(random: Random, health: Health, on: date, body: Body, diseases: Collection[Disease]) -> None:
    if Disease.HYPERTENSION in diseases and random.random() < 0.55:
        body["sbp"], body["dbp"] = health.pressure(random, on)
        body["bp_source"] = 3


def _habits(random: Random, health: Health, body: Body) -> None:
    body["smoking_per_day"] = health.cigarettes
    body["smoking_target"] = health.cigarettes // 2
    body["drinking_liang_per_day"] = health.liquor
    body["drinking_target"] = round(health.liquor / 2, 1)
    body["sport_times_per_week"] = random.choice((0, 2, 3, 3, 5, 7))
    body["sport_minutes"] = random.choice((20, 30, 30, 40)) if body["sport_times_per_week"] else 0
    body["sport_times_target"], body["sport_minutes_target"] = 5, 30
    body["psychology"] = random.choices((1, 2, 3), (80, 18, 2))[0]
    body["compliance"] = random.choices((1, 2, 3), (76, 21, 3))[0]


def _block(random: Random, health: Health, disease: Disease, mode: Mode) -> Body:
    block: Body = {"symptoms": _symptoms(random), "complication": "none", "adverse_reaction": 1}
    block["adherence"] = random.choices((1, 2, 3, 0), (78, 15, 3, 4))[0]
    if block["adherence"] in (2, 3):
        block["adherence_reason"] = random.choice((1, 2, 2, 3, 4, 9))
    if random.random() < 0.016:
        block["adverse_reaction"] = 2
        block["adverse_reaction_text"] = random.choice(REACTIONS[disease])
        block["adverse_reaction_uncontrollable"] = random.random() < 0.1
    if random.random() < 0.007:
        block["complication"] = random.choice(("new", "worse"))
        block["complications"] = [random.choice(COMPLICATIONS[disease])]
    if disease is Disease.HYPERTENSION:
        block["salt"], block["salt_target"] = random.choices((1, 2, 3), (30, 52, 18))[0], 1
    else:
        _sugar(random, health, block, mode)
    if block["adherence"]:
        block["drugs"] = _drugs(random, disease)
        if random.random() < 0.12:
            block["drug_changes"] = _drugs(random, disease)[:1]
    return block


def _symptoms(random: Random) -> list[int]:
    if random.random() < 0.8:
        return [1]
    return sorted(random.sample(range(2, 10), random.choice((1, 1, 2))))


def _sugar(random: Random, health: Health, block: Body, mode: Mode) -> None:
    if mode is Mode.PHONE and random.random() < 0.6:
        return
    block["fpg"] = health.glucose(random)
    block["fpg_method"] = random.choices((1, 2), (9, 1))[0]
    if mode is Mode.PHONE:
        return
    block["foot_pulse"] = random.choices((1, 21, 22, 23), (92, 5, 2, 1))[0]
    block["hypoglycaemia"] = random.choices((1, 2, 3), (93, 6.5, 0.5))[0]
    block["staple_g_per_day"] = random.choice((250, 300, 300, 350, 400))
    block["staple_target"] = 250
    if random.random() < 0.12:
        block["hba1c"] = round(min(max(health.fpg * 0.78 + 1.6 + random.gauss(0, 0.4), 4.8), 14), 1)


def _drugs(random: Random, disease: Disease) -> list[Body]:
    chosen = HYPERTENSION_DRUGS if disease is Disease.HYPERTENSION else DIABETES_DRUGS
    return [
        {"name": name, "times": times, "per": "day", "dose": dose, "unit": unit}
        for name, times, dose, unit in random.sample(chosen, random.choices((1, 2), (7, 3))[0])
    ]

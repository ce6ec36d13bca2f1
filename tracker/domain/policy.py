"""A policy pack: thresholds, decisions, intervals and words of the follow-up rules, read from JSON.

Source of the default pack: national basic public health service specification, third edition (2017).
A predicate is a nested list over named facts and thresholds; a comparison with a missing fact is false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import eq, ge, gt, le, lt
from pathlib import Path
from typing import Any

from tracker.domain.calendar import add_months
from tracker.domain.terms import Classification, Disease, NextStep, Referral, TaskKind

DEFAULT = "GW2017-default"
PACKS = Path(__file__).with_name("policies")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}

Facts = Mapping[str, object]
Pack = dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """One pack; `pack` is the JSON as it stands in the file, which a browser can read alike."""

    id: str
    pack: Pack

    def holds(self, predicate: list[Any], facts: Facts) -> bool:
        """Whether a predicate is true of the facts."""
        operator, *rest = predicate
        if operator == "and":
            return all(self.holds(part, facts) for part in rest)
        if operator == "or":
            return any(self.holds(part, facts) for part in rest)
        value = self._value(rest[0], facts)
        if operator == "is":
            return value is True
        if operator == "has":
            return isinstance(value, list) and rest[1] in value
        other = self._value(rest[1], facts)
        return value is not None and other is not None and COMPARE[operator](value, other)

    def asks(self, disease: Disease, question: str, facts: Facts) -> bool:
        """One predicate of a disease: `controlled` or `on_target`."""
        return self.holds(self.pack["diseases"][disease][question], facts)

    def matching(self, disease: Disease, table: str, facts: Facts) -> Iterator[Pack]:
        """The rows of a disease's table that are true of the facts, in order."""
        return (row for row in self.pack["diseases"][disease][table] if self.holds(row["when"], facts))

    def classify(self, facts: Facts) -> Classification | None:
        row = self._first("classes", facts)
        return None if row is None else Classification(row["class"])

    def decide(self, facts: Facts) -> NextStep | None:
        row = self._first("decisions", facts)
        return None if row is None else NextStep(row["step"])

    def task(self, step: NextStep) -> TaskKind:
        return TaskKind(self.pack["steps"][str(int(step))]["task"])

    def referral(self, step: NextStep | None) -> Referral | None:
        word = None if step is None else self.pack["steps"][str(int(step))]["referral"]
        return None if word is None else Referral(word)

    def due(self, interval: str, start: date) -> date:
        """The day an interval ends: by task kind, or `enrolment` and `return`."""
        span = self.pack["intervals"][interval]
        return add_months(start, span.get("months", 0)) + timedelta(days=span.get("days", 0))

    def threshold(self, name: str) -> float:
        return float(self.pack["thresholds"][name])

    def reason_text(self, code: str, locale: str, params: Facts | None = None) -> str:
        """A reason or an advice in words; Chinese unless the locale is English."""
        text: str = self.pack["texts"][code]["en" if locale.startswith("en") else "zh"]
        return text % {**self.pack["thresholds"], **(params or {})}

    def _first(self, table: str, facts: Facts) -> Pack | None:
        return next((row for row in self.pack[table] if self.holds(row["when"], facts)), None)

    def _value(self, operand: object, facts: Facts) -> Any:
        if not isinstance(operand, str):
            return operand
        return facts[operand] if operand in facts else self.pack["thresholds"].get(operand)


@cache
def load(policy_id: str = DEFAULT) -> Policy:
    """A pack by its id; raises LookupError when there is none."""
    if policy_id not in packs():
        raise LookupError(policy_id)
    pack: Pack = json.loads((PACKS / f"{policy_id}.json").read_text(encoding="utf-8"))
    return Policy(policy_id, pack)


def packs() -> list[str]:
    """The ids of all packs on file."""
    return sorted(path.stem for path in PACKS.glob("*.json"))

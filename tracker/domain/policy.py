"""A policy pack: thresholds, decisions, intervals and words of the follow-up rules, read from JSON.

Source of the default pack: national basic public health service specification, third edition (2017).
What the predicates mean stands in `tracker.domain.predicate`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tracker.domain.calendar import add_months
from tracker.domain.predicate import Table, Test, compiled
from tracker.domain.terms import Classification, Disease, NextStep, Referral, TaskKind

DEFAULT = "GW2017-default"
PACKS = Path(__file__).with_name("policies")
QUESTIONS = ("controlled", "on_target")

Facts = Mapping[str, object]
Pack = dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """One pack; `pack` is the JSON as it stands in the file, which a browser can read alike."""

    id: str
    pack: Pack

    def holds(self, predicate: list[Any], facts: Facts) -> bool:
        """Whether a predicate is true of the facts."""
        return compiled(predicate, self.pack["thresholds"])(facts)

    def asks(self, disease: Disease, question: str, facts: Facts) -> bool:
        """One predicate of a disease: `controlled` or `on_target`."""
        return self._questions[disease, question](facts)

    def matching(self, disease: Disease, table: str, facts: Facts) -> list[Pack]:
        """The rows of a disease's table that are true of the facts, in order."""
        return self._tables[disease, table].matching(facts)

    def classify(self, facts: Facts) -> Classification | None:
        row = self._tables["", "classes"].first(facts)
        return None if row is None else Classification(row["class"])

    def decide(self, facts: Facts) -> NextStep | None:
        row = self._tables["", "decisions"].first(facts)
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

    @cached_property
    def _questions(self) -> dict[tuple[str, str], Test]:
        return {
            (disease, name): compiled(own[name], self.pack["thresholds"])
            for disease, own in self.pack["diseases"].items()
            for name in QUESTIONS
        }

    @cached_property
    def _tables(self) -> dict[tuple[str, str], Table]:
        """By disease, or by none, and name."""
        own = {(disease, name): rows for disease, tables in self.pack["diseases"].items()
               for name, rows in tables.items() if name not in QUESTIONS}  # fmt: skip
        own |= {("", name): self.pack[name] for name in ("classes", "decisions")}
        return {key: Table(rows, self.pack["thresholds"]) for key, rows in own.items()}


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

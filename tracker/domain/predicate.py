"""The predicates of a policy pack, each made a function once: a nested list over named facts and thresholds.

`["and", …]`, `["or", …]`; `["is", name]` is true of the answer yes alone; `["has", name, code]` asks a
list; `["<", a, b]` and its like compare and are false where a fact is missing. A name that is no fact is a
threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

Facts = Mapping[str, object]
Test = Callable[[Facts], bool]
Operand = tuple[str, Any]
"""The name of a fact, and what stands in its place where there is no such fact."""
NO_FACT = ""
COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


def compiled(predicate: Sequence[Any], thresholds: Facts) -> Test:
    """The predicate as a function of the facts."""
    operator, *rest = predicate
    if operator in ("and", "or"):
        return _joined(operator == "or", [compiled(part, thresholds) for part in rest])
    name, known = _operand(rest[0], thresholds)
    if operator == "is":
        return lambda facts: facts.get(name, known) is True
    if operator == "has":
        code = rest[1]
        return lambda facts: isinstance(codes := facts.get(name, known), list) and code in codes
    return _compared(COMPARE[operator], (name, known), _operand(rest[1], thresholds))


def _joined(decides: bool, parts: Sequence[Test]) -> Test:
    """Any of the parts where True decides, all of them where False does."""

    def test(facts: Facts) -> bool:
        for part in parts:
            if part(facts) is decides:
                return decides
        return not decides

    return test


def _compared(compare: Callable[[Any, Any], bool], left: Operand, right: Operand) -> Test:
    (name, known), (other_name, other_known) = left, right

    def test(facts: Facts) -> bool:
        value = facts.get(name, known)
        if value is None:
            return False
        other = facts.get(other_name, other_known)
        return other is not None and compare(value, other)

    return test


def _operand(operand: object, thresholds: Facts) -> Operand:
    return (operand, thresholds.get(operand)) if isinstance(operand, str) else (NO_FACT, operand)


class Table:
    """Rows of a pack with their predicates under `when`, in order."""

    def __init__(self, rows: Sequence[dict[str, Any]], thresholds: Facts) -> None:
        self._rows = [(row, compiled(row["when"], thresholds)) for row in rows]
        self._lists = {row["when"][1] for row in rows if row["when"][0] == "has"}
        self._others = [(row, test) for row, test in self._rows if row["when"][0] != "has"]

    def matching(self, facts: Facts) -> list[dict[str, Any]]:
        """The rows that are true of the facts."""
        # Most rows ask for a ticked sign, and hardly any visit has one.
        ticked = any(facts.get(name) for name in self._lists)
        return [row for row, test in (self._rows if ticked else self._others) if test(facts)]

    def first(self, facts: Facts) -> dict[str, Any] | None:
        return next((row for row, test in self._rows if test(facts)), None)

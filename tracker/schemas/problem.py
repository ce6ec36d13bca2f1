"""What is wrong with something that came in: a field, a code and its parameters; the words come later."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a dotted path ("hypertension.salt"), empty for the whole."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Refused(ValueError):
    """Something that cannot be taken as it is; `conflict` where it contradicts what is stored.

    `known` is the record that it repeats, where the sender may see that.
    """

    def __init__(self, *problems: Problem, conflict: bool = False, known: UUID | None = None) -> None:
        super().__init__("; ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems
        self.conflict = conflict
        self.known = known


def refuse(field_name: str, code: str, **params: Any) -> Refused:
    """A refusal with one problem."""
    return Refused(Problem(field_name, code, params))


def problems_of(error: ValidationError) -> list[Problem]:
    """A validation error of a schema as problems, without the value that was sent."""
    return [_problem(e) for e in error.errors(include_url=False, include_input=False)]


def _problem(error: Any) -> Problem:
    params = {k: v for k, v in error.get("ctx", {}).items() if k != "error"}
    path = [str(part) for part in error["loc"]]
    if "field" in params:
        path.append(str(params.pop("field")))
    return Problem(".".join(path), str(error["type"]), params)


def by_field(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem)
    return found

"""Judging one evaluation under a policy pack, and merging the readings of one day into one.

Source: national specification of 2017 (class, next step); readings of one day form one evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.course import Judgement, Reason
from tracker.domain.events import VisitEvent
from tracker.domain.facts import has_reading
from tracker.domain.policy import Policy
from tracker.domain.terms import FACE_TO_FACE, Classification, Disease

Facts = Mapping[str, object]
Row = dict[str, Any]
"""A row of the policy pack."""
HIGHEST = ("sbp_max", "dbp_max", "glucose_max", "temperature", "heart_rate", "hypoglycaemia")
ANY = (
    "pregnant",
    "adverse_reaction",
    "adverse_reaction_uncontrollable",
    "complication_new",
    "complication_worse",
)
ALL = ("signs", "unmeasurable")


@dataclass(frozen=True, slots=True)
class Streaks:
    """Consecutive evaluated days with the disease not controlled, and with an adverse reaction."""

    unsat: int = 0
    adr: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of one day as one evaluation, and each of them judged for display.

    `meeting`: evaluated face to face, or by the baseline of a roster (`imported` where by that alone).
    `closer`: the visit by which tasks are closed.
    """

    on: date
    judgements: tuple[Judgement, ...]
    merged: Judgement
    meeting: bool
    imported: bool
    closer: VisitEvent

    @property
    def streaks(self) -> Streaks:
        return Streaks(self.merged.unsat_streak, self.merged.adr_streak)


def judge_day(
    policy: Policy, disease: Disease, visits: Sequence[VisitEvent], before: Streaks, *, told: bool = True
) -> Day:
    """Judge the visits of one day, in their order; the last evaluated one decides for all of them.

    Not `told`: only what later days depend on is worked out.
    """
    evaluated = [visit for visit in visits if has_reading(disease, visit.facts)]
    deciding = (evaluated or visits)[-1]
    merged = judge(policy, disease, _whole(deciding, visits), before, told=told)
    meetings = [visit for visit in evaluated if closes(visit)]
    return Day(
        on=deciding.on,
        judgements=tuple(
            merged if visit is deciding else judge(policy, disease, visit, before, told=told)
            for visit in visits
        ),
        merged=merged,
        meeting=bool(meetings),
        imported=bool(meetings) and all(visit.mode is None for visit in meetings),
        closer=_closer(meetings or evaluated or visits),
    )


def _whole(deciding: VisitEvent, visits: Sequence[VisitEvent]) -> VisitEvent:
    """The deciding visit with what the others of the day add."""
    if len(visits) == 1:
        return deciding
    raising = max(reversed(visits), key=lambda visit: visit.raised or 0)
    return replace(
        deciding,
        facts=merge(deciding.facts, [visit.facts for visit in visits]),
        raised=raising.raised,
        raised_reason=raising.raised_reason,
    )


def judge(
    policy: Policy, disease: Disease, visit: VisitEvent, before: Streaks, *, told: bool = True
) -> Judgement:
    """One evaluation by its own facts, after `before`; the tasks that follow are not known here.

    Not `told`: without target, reasons and advice, which nothing follows from.
    """
    evaluated = has_reading(disease, visit.facts)
    known, dangers = _weigh(policy, disease, visit, before, evaluated)
    step = policy.decide(known)
    known["next_step"] = step
    met = visit.mode in FACE_TO_FACE
    controlled, computed = known["controlled"], known["classification"]
    return Judgement(
        visit_id=visit.id,
        on=visit.on,
        policy_id=policy.id,
        evaluated=evaluated,
        face_to_face=met,
        counted=met and evaluated and visit.approved,
        on_target=policy.asks(disease, "on_target", known) if evaluated and told else None,
        classification=computed if isinstance(computed, Classification) else None,
        controlled=controlled if isinstance(controlled, bool) else None,
        next_step=step,
        referral=policy.referral(step),
        reasons=_reasons([*dangers, *policy.matching(disease, "reasons", known)], known) if told else (),
        advice=tuple(row["code"] for row in policy.matching(disease, "advice", known)) if told else (),
        unsat_streak=_count(known["unsat_streak"]),
        adr_streak=_count(known["adr_streak"]),
    )


def merge(deciding: Facts, day: Sequence[Facts]) -> dict[str, object]:
    """The deciding visit's reading with every danger, reaction and complication of the day."""
    merged = dict(deciding)
    for name in HIGHEST:
        merged[name] = max(_numbers(day, name), default=None)
    merged["glucose_min"] = min(_numbers(day, "glucose_min"), default=None)
    for name in ANY:
        answers = [answer for facts in day if (answer := facts.get(name)) is not None]
        merged[name] = any(answers) if answers else None
    for name in ALL:
        lists = [codes for facts in day if isinstance(codes := facts.get(name), list)]
        merged[name] = sorted({code for codes in lists for code in codes}) if lists else None
    return merged


def _weigh(
    policy: Policy, disease: Disease, visit: VisitEvent, before: Streaks, evaluated: bool
) -> tuple[dict[str, object], list[Row]]:
    """The facts with what follows from them, and the rows of the dangers found."""
    known, dangers = dict(visit.facts), []
    controlled = policy.asks(disease, "controlled", known) if evaluated else None
    known["controlled"] = controlled
    for whose in ("own_emergency", "foreign_emergency"):
        found = policy.matching(disease, whose, known)
        known[whose] = bool(found)
        dangers += found
    computed = policy.classify(known)
    # The doctor may raise a class, never lower it; where nothing was found there is nothing to raise.
    final = None if computed is None else max(computed, visit.raised or computed)
    known |= {"computed_class": computed, "classification": final}
    known |= {"raised": visit.raised, "raised_reason": visit.raised_reason}
    reaction = known.get("adverse_reaction") is True
    known["unsat_streak"] = _streak(before.unsat, evaluated, controlled is False)
    known["adr_streak"] = _streak(before.adr, evaluated, reaction)
    return known, dangers


def _streak(before: int, evaluated: bool, again: bool) -> int:
    # A contact without a reading neither extends nor breaks a streak.
    if not evaluated:
        return before
    return before + 1 if again else 0


def _reasons(rows: Iterable[Row], known: Facts) -> tuple[Reason, ...]:
    return tuple(
        Reason(row["code"], {name: known.get(name) for name in row.get("params", ())}) for row in rows
    )


def closes(visit: VisitEvent) -> bool:
    """Face to face, or the baseline of a roster, which closes and opens tasks alike."""
    return visit.mode is None or visit.mode in FACE_TO_FACE


def _closer(visits: Sequence[VisitEvent]) -> VisitEvent:
    # The first to be recorded closed the task; one that is not a roster's goes before it.
    return min(visits, key=lambda visit: (visit.mode is None, visit.recorded_at, visit.id))


def _numbers(day: Sequence[Facts], name: str) -> list[int | float]:
    return [value for facts in day if isinstance(value := facts.get(name), int | float)]


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0

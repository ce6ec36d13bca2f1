"""What a check found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    FINE = "fine"
    ADVICE = "advice"
    """It works, and would work better otherwise."""
    MEND = "mend"
    """Something does not work, or data or their secrecy are at risk."""


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    """A name that stays: programs look for it."""
    state: State
    words: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return {"check": self.check, "state": self.state, "words": self.words, "remedy": self.remedy}


def fine(check: str, words: str) -> Finding:
    return Finding(check, State.FINE, words)


def advice(check: str, words: str, remedy: str) -> Finding:
    return Finding(check, State.ADVICE, words, remedy)


def mend(check: str, words: str, remedy: str) -> Finding:
    return Finding(check, State.MEND, words, remedy)

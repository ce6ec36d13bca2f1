"""Family-doctor contracts: terms, renewal window, status by date.

Source: the national opinion of 2022 on family-doctor contracts (terms of one to three years) and the
opinion of 2018 (one team at a time). The renewal window of 60 days before and 30 days after is a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.calendar import add_years

TERMS = (1, 2, 3)
RENEW_BEFORE = timedelta(days=60)
RENEW_AFTER = timedelta(days=30)
EXPIRING = timedelta(days=60)


class ContractStatus(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    VOID = "void"


class Evidence(StrEnum):
    DRAWN = "drawn"
    PAPER = "paper"
    NONE = "none"


class Signer(StrEnum):
    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    GUARDIAN = "guardian"


class ContractKind(StrEnum):
    FIRST = "first"
    RENEWAL = "renewal"
    SWITCH = "switch"


class TerminationReason(StrEnum):
    DEATH = "01"
    MOVED_OUT = "02"
    LOST = "03"
    REQUEST = "04"
    SWITCHED = "05"
    REFUSED = "06"
    MISTAKE = "07"
    INSTITUTION = "08"
    OTHER = "99"


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day of a contract, both inside it."""

    start_on: date
    end_on: date


class TermRefused(ValueError):
    """A term that the rules do not allow; `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def term(start_on: date, years: int) -> Term:
    """`years` whole years from `start_on`; one that starts on 29 February ends by the 27th or 28th."""
    if years not in TERMS:
        raise TermRefused("years")
    return Term(start_on, add_years(start_on, years) - timedelta(days=1))


def renewal_term(old_end: date, signed_on: date, years: int) -> Term:
    """The term of a renewal: follows the old one, or starts on the day of signing when that is over."""
    if not old_end - RENEW_BEFORE <= signed_on <= old_end + RENEW_AFTER:
        raise TermRefused("renewal_window")
    start_on = old_end + timedelta(days=1) if signed_on <= old_end else signed_on
    return term(start_on, years)


def kind_after(last_end: date | None, start_on: date, *, switched: bool) -> ContractKind:
    """First signing, renewal or change of team, by what came before."""
    if switched:
        return ContractKind.SWITCH
    if last_end is not None and start_on <= last_end + RENEW_AFTER:
        return ContractKind.RENEWAL
    return ContractKind.FIRST


def occupied_until(end_on: date, terminated_on: date | None) -> date:
    """The last day on which no other contract may stand."""
    return end_on if terminated_on is None else min(end_on, terminated_on)


def status(
    on: date, evidence: Evidence, start_on: date, end_on: date, terminated_on: date | None, *, void: bool
) -> ContractStatus:
    """What a contract is on a day, from its dates alone."""
    if void:
        return ContractStatus.VOID
    if evidence is Evidence.NONE:
        return ContractStatus.PENDING
    if terminated_on is not None and terminated_on <= on:
        return ContractStatus.TERMINATED
    if on < start_on:
        return ContractStatus.SCHEDULED
    return ContractStatus.ACTIVE if on <= end_on else ContractStatus.EXPIRED

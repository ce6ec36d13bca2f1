"""What the pages of contracts ask: the filters in the address, and what may be done with a contract now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from tracker.domain.contract import RENEW_AFTER, RENEW_BEFORE, ContractStatus
from tracker.models import Contract, Resident
from tracker.services.contract import rules as contract_rules
from tracker.services.contract.listing import Wanted, status_of

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Doable:
    """`renewed_by`: what follows already."""

    renew: bool
    terminate: bool
    sign: bool
    void: bool
    renewed_by: Contract | None


def filters(asked: Mapping[str, str]) -> Wanted:
    """The filters of the list; what is no filter limits nothing."""
    status = asked.get("status", "")
    known = ContractStatus(status) if status in set(ContractStatus) else None
    region = asked.get("region", "")
    return Wanted(
        team=asked.get("team", "")[:80],
        region=region if region.isascii() and region.isdigit() else "",
        status=known,
        expiring=status == "expiring",
    )


def page_at(**changed: Any) -> str:
    """The list with these filters changed; None takes one away."""
    kept = {name: value for name, value in request.args.items() if name in ("team", "region", "status")}
    wanted = {name: value for name, value in {**kept, **changed}.items() if value is not None}
    return url_for("contracts.show", **wanted)


def said(session: Session, contract: Contract, today: date) -> Doable:
    """What the dates allow today; the services say the last word."""
    status = status_of(contract, today)
    resident = session.get_one(Resident, contract.resident_id)
    following = contract_rules.following(session, resident, contract.end_on)
    open_window = contract.end_on - RENEW_BEFORE <= today <= contract.end_on + RENEW_AFTER
    stands = status in (ContractStatus.ACTIVE, ContractStatus.EXPIRED) and contract.terminated_on is None
    return Doable(
        renew=stands and open_window and following is None,
        terminate=contract.terminated_on is None
        and status in (ContractStatus.ACTIVE, ContractStatus.SCHEDULED),
        sign=status is ContractStatus.PENDING,
        void=status is not ContractStatus.VOID,
        renewed_by=following,
    )

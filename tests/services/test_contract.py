"""Contracts: one at a time, renewed inside the window, ended once; both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import AT, FAR_VILLAGE, TODAY, a_member_of_staff, a_resident, a_status, a_team
from tracker.domain.contract import ContractKind, ContractStatus, TerminationReason
from tracker.domain.roles import Role
from tracker.domain.terms import Status
from tracker.models import Audit, Contract, Resident, Staff
from tracker.schemas.contract import ContractIn, RenewalIn, SignLaterIn, TerminationIn
from tracker.schemas.problem import Refused
from tracker.services.audit import Actor
from tracker.services.contract import contract as contracts
from tracker.services.contract import listing as contract_list
from tracker.services.contract.listing import Wanted, status_of
from tracker.services.sender import Sender
from tracker.services.workforce.scope import NotFound, scope_of


@pytest.fixture
def doctor(session: Session) -> Staff:
    return a_member_of_staff(session, team=a_team(session))


@pytest.fixture
def sender(doctor: Staff) -> Sender:
    return Sender(doctor, Actor(doctor.id, doctor.role), AT)


@pytest.fixture
def person(session: Session) -> Resident:
    return a_resident(session)


def body(person: Resident, signed_on: str, **more) -> ContractIn:
    sent = {
        "resident_id": str(person.id),
        "team": "一队",
        "years": 1,
        "packages": ["BASIC"],
        "signed_on": signed_on,
        "signature": {"kind": "paper", "by": "resident"},
    }
    return ContractIn.model_validate(sent | more)


def renewal(signed_on: str, **more) -> RenewalIn:
    sent = {"years": 1, "signed_on": signed_on, "signature": {"kind": "paper"}}
    return RenewalIn.model_validate(sent | more)


def sign(session: Session, sender: Sender, person: Resident, signed_on: str, **more) -> Contract:
    return contracts.sign(session, sender, body(person, signed_on, **more))[0]


def end(session: Session, sender: Sender, contract: Contract, on: str, reason: str = "04") -> bool:
    typed = TerminationIn.model_validate({"terminated_on": on, "reason": reason})
    return contracts.terminate(session, sender, contract, typed)


def codes(refusal: Refused) -> list[str]:
    return [problem.code for problem in refusal.problems]


def test_a_contract_lasts_whole_years_less_a_day(session, sender, person) -> None:
    contract = sign(session, sender, person, "2025-03-01")
    assert (contract.start_on, contract.end_on) == (date(2025, 3, 1), date(2026, 2, 28))
    assert contract.kind is ContractKind.FIRST
    assert session.scalars(select(Audit.action)).all() == ["sign contract"]


def test_a_day_that_is_taken_is_refused_and_the_holder_is_named(session, sender, person) -> None:
    sign(session, sender, person, "2026-01-01")
    a_team(session, "二队", (FAR_VILLAGE,))
    with pytest.raises(Refused) as refused:
        sign(session, sender, person, "2026-11-01", team="二队")
    assert refused.value.conflict
    assert refused.value.problems[0].params == {
        "team": "一队",
        "phone": "0374-3500000",
        "end_on": "2026-12-31",
    }


def test_the_database_itself_refuses_an_overlap(session, sender, person) -> None:
    first = sign(session, sender, person, "2026-01-01")
    session.add(
        Contract(
            number="x", resident_id=person.id, village_code=person.village_code,
            village_code_at=person.village_code, team_id=first.team_id, kind=ContractKind.FIRST, years=1,
            signed_on=TODAY, start_on=date(2026, 12, 31), end_on=date(2027, 12, 30), evidence=first.evidence,
            occupied_until=date(2027, 12, 30), created_at=AT,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="contract_overlap"):
        session.flush()


@pytest.mark.parametrize(
    ("signed_on", "start_on", "end_on"),
    [
        ("2026-01-20", "2026-03-01", "2027-02-28"),
        ("2025-12-30", "2026-03-01", "2027-02-28"),
        ("2026-02-28", "2026-03-01", "2027-02-28"),
        ("2026-03-01", "2026-03-01", "2027-02-28"),
        ("2026-03-30", "2026-03-30", "2027-03-29"),
    ],
)
def test_a_renewal_follows_the_old_contract(session, sender, person, signed_on, start_on, end_on) -> None:
    old = sign(session, sender, person, "2025-03-01")
    new, made = contracts.renew(session, sender, old, renewal(signed_on))
    assert made
    assert (new.start_on.isoformat(), new.end_on.isoformat()) == (start_on, end_on)
    assert (new.kind, new.predecessor_id) == (ContractKind.RENEWAL, old.id)
    assert contract_list.gap_days(old, new) == (new.start_on - old.end_on).days - 1


@pytest.mark.parametrize("signed_on", ["2025-12-29", "2026-03-31"])
def test_a_renewal_outside_the_window_is_refused(session, sender, person, signed_on) -> None:
    old = sign(session, sender, person, "2025-03-01")
    with pytest.raises(Refused) as refused:
        contracts.renew(session, sender, old, renewal(signed_on))
    assert codes(refused.value) == ["renewal_window"]


@pytest.mark.parametrize(
    ("signed_on", "kind"),
    [
        ("2026-03-01", ContractKind.RENEWAL),
        ("2026-03-30", ContractKind.RENEWAL),
        ("2026-03-31", ContractKind.FIRST),
    ],
)
def test_signing_again_soon_after_the_end_is_a_renewal(session, sender, person, signed_on, kind) -> None:
    sign(session, sender, person, "2025-03-01")
    assert sign(session, sender, person, signed_on).kind is kind


def test_a_scheduled_contract_occupies_its_days(session, sender, person) -> None:
    old = sign(session, sender, person, "2025-12-01")
    new, _made = contracts.renew(session, sender, old, renewal("2026-11-20"))
    assert status_of(new, TODAY) is ContractStatus.SCHEDULED
    with pytest.raises(Refused) as refused:
        contracts.renew(session, sender, old, renewal("2026-11-21"))
    assert codes(refused.value) == ["contract_overlap"]


@pytest.mark.parametrize(("attempt", "taken"), [("2026-05-31", True), ("2026-06-01", False)])
def test_a_terminated_contract_occupies_its_last_day(session, sender, person, attempt, taken) -> None:
    old = sign(session, sender, person, "2026-01-01")
    assert end(session, sender, old, "2026-05-31")
    if taken:
        with pytest.raises(Refused, match="contract_overlap"):
            sign(session, sender, person, attempt)
    else:
        sign(session, sender, person, attempt)


def test_a_change_of_team_is_neither_first_nor_renewal(session, sender, person) -> None:
    old = sign(session, sender, person, "2026-01-01")
    end(session, sender, old, "2026-05-31", "05")
    a_team(session, "二队", (FAR_VILLAGE,))
    assert sign(session, sender, person, "2026-06-01", team="二队").kind is ContractKind.SWITCH


def test_terminating_twice_the_same_way_changes_nothing(session, sender, person) -> None:
    contract = sign(session, sender, person, "2026-01-01")
    assert end(session, sender, contract, "2026-05-31")
    assert not end(session, sender, contract, "2026-05-31")
    with pytest.raises(Refused) as refused:
        end(session, sender, contract, "2026-06-30")
    assert refused.value.conflict
    assert status_of(contract, date(2026, 5, 30)) is ContractStatus.ACTIVE
    assert status_of(contract, date(2026, 5, 31)) is ContractStatus.TERMINATED


@pytest.mark.parametrize("on", ["2025-12-31", "2027-01-01"])
def test_a_contract_ends_inside_its_term(session, sender, person, on) -> None:
    contract = sign(session, sender, person, "2026-01-01")
    with pytest.raises(Refused) as refused:
        end(session, sender, contract, on)
    assert codes(refused.value) == ["outside_contract"]


def test_an_unsigned_contract_occupies_nothing_until_it_is_signed(session, sender, person) -> None:
    unsigned = sign(session, sender, person, "2026-10-01", signature={"kind": "none"})
    assert status_of(unsigned, TODAY) is ContractStatus.PENDING
    other = sign(session, sender, person, "2026-10-05")
    later = SignLaterIn.model_validate({"signed_on": "2026-11-01", "signature": {"kind": "paper"}})
    with pytest.raises(Refused, match="contract_overlap"):
        contracts.complete(session, sender, unsigned, later)
    end(session, sender, other, "2026-10-31")
    contracts.complete(session, sender, unsigned, later)
    assert (unsigned.start_on, unsigned.end_on) == (date(2026, 11, 1), date(2027, 10, 31))
    assert status_of(unsigned, TODAY) is ContractStatus.ACTIVE


@pytest.mark.parametrize(
    ("signed_on", "more", "code"),
    [
        ("2026-11-23", {}, "future"),
        ("1960-05-19", {}, "before_birth"),
        ("2026-11-01", {"start_on": "2026-10-31"}, "start_before_signing"),
        ("2026-11-01", {"start_on": "2028-11-01"}, "start_too_late"),
        ("2026-11-01", {"team": "没有的队"}, "unknown_team"),
        ("2026-11-01", {"packages": ["GOLD"]}, "unknown_package"),
    ],
)
def test_what_cannot_be_is_refused(session, sender, person, signed_on, more, code) -> None:
    with pytest.raises(Refused) as refused:
        sign(session, sender, person, signed_on, **more)
    assert codes(refused.value) == [code]


@pytest.mark.parametrize(
    "more",
    [
        {"years": 4},
        {"years": 0},
        {"packages": []},
        {"signature": {"kind": "drawn"}},
        {"signature": {"kind": "drawn", "image": "javascript:alert(1)"}},
        {"signature": {"kind": "none", "image": "data:image/png;base64,AA=="}},
        {"price": 3},
    ],
)
def test_a_shape_that_cannot_be_is_refused(more) -> None:
    sent = {
        "resident_id": str(uuid4()), "team": "一队", "years": 1, "packages": ["BASIC"],
        "signed_on": "2026-11-01", "signature": {"kind": "paper"},
    }  # fmt: skip
    with pytest.raises(ValueError, match="validation error"):
        ContractIn.model_validate(sent | more)


def test_the_same_body_again_is_the_same_contract(session, sender, person) -> None:
    typed = body(person, "2026-11-01", id=str(uuid4()))
    first, made = contracts.sign(session, sender, typed)
    again, made_again = contracts.sign(session, sender, typed)
    assert (again.id, made, made_again) == (first.id, True, False)
    with pytest.raises(Refused) as refused:
        contracts.sign(session, sender, body(person, "2026-11-02", id=str(typed.id)))
    assert refused.value.conflict


def test_a_person_elsewhere_is_not_found(session, sender) -> None:
    stranger = a_resident(session, village=FAR_VILLAGE)
    with pytest.raises(NotFound):
        sign(session, sender, stranger, "2026-11-01")


def test_the_dead_sign_nothing(session, sender, person) -> None:
    a_status(session, person, Status.DEAD, date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        sign(session, sender, person, "2026-11-02")
    assert codes(refused.value) == ["resident_dead"]


def test_nothing_begins_after_a_death(session, sender, person) -> None:
    a_status(session, person, Status.DEAD, date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        sign(session, sender, person, "2026-10-20", start_on="2026-11-02")
    assert codes(refused.value) == ["resident_dead"]


@pytest.mark.parametrize("signed_on", ["2026-03-01", "2026-11-01"])
def test_what_began_before_a_death_and_is_entered_after_it_ends_with_it(
    session, sender, person, signed_on
) -> None:
    a_status(session, person, Status.DEAD, date(2026, 11, 1))
    contract = sign(session, sender, person, signed_on)
    assert (contract.terminated_on, contract.termination_reason) == (date(2026, 11, 1), "01")
    assert contract.occupied_until == date(2026, 11, 1)
    assert status_of(contract, TODAY) is ContractStatus.TERMINATED
    assert status_of(contract, date(2026, 10, 31)) in (ContractStatus.ACTIVE, ContractStatus.SCHEDULED)
    assert session.scalars(select(Audit.action).order_by(Audit.seq)).all()[-2:] == [
        "sign contract",
        "terminate contract",
    ]


def test_what_ended_before_a_death_stays_as_it_was(session, sender, person) -> None:
    a_status(session, person, Status.DEAD, date(2026, 11, 1))
    old = sign(session, sender, person, "2025-10-15")
    new, _made = contracts.renew(session, sender, old, renewal("2026-10-10"))
    assert (old.terminated_on, new.terminated_on) == (None, date(2026, 11, 1))
    assert status_of(old, TODAY) is ContractStatus.EXPIRED


def test_what_nobody_signed_before_a_death_is_taken_back(session, sender, person) -> None:
    a_status(session, person, Status.DEAD, date(2026, 11, 1))
    contract = sign(session, sender, person, "2026-03-01", signature={"kind": "none"})
    assert status_of(contract, TODAY) is ContractStatus.VOID


def test_what_began_before_a_departure_ends_with_it_and_leaves_room_for_the_return(
    session, sender, person
) -> None:
    a_status(session, person, Status.MOVED_OUT, date(2026, 5, 1))
    a_status(session, person, Status.ACTIVE, date(2026, 8, 1))
    sign(session, sender, person, "2026-08-02")
    late = sign(session, sender, person, "2026-03-01")
    assert (late.terminated_on, late.termination_reason) == (date(2026, 5, 1), "02")


def test_a_death_ends_what_stands_and_what_is_to_come(session, sender, person) -> None:
    old = sign(session, sender, person, "2025-12-01")
    new, _made = contracts.renew(session, sender, old, renewal("2026-11-01"))
    unsigned = sign(session, sender, person, "2026-11-02", signature={"kind": "none"})
    contracts.end_for_status(session, person, date(2026, 11, 10), TerminationReason.DEATH, sender.actor, AT)
    assert (old.terminated_on, old.occupied_until) == (date(2026, 11, 10), date(2026, 11, 10))
    assert (new.termination_reason, new.occupied_until) == ("01", None)
    assert [status_of(c, TODAY) for c in (old, new, unsigned)] == [
        ContractStatus.TERMINATED,
        ContractStatus.TERMINATED,
        ContractStatus.VOID,
    ]


def test_who_entered_it_may_take_it_back_for_a_day(session, sender, person) -> None:
    contract = sign(session, sender, person, "2026-11-01")
    later = Sender(sender.staff, sender.actor, AT + timedelta(hours=25))
    with pytest.raises(Refused, match="void_too_late"):
        contracts.void(session, later, contract, "录错人")
    county = a_member_of_staff(session, Role.COMMISSION, region=person.county_code)
    contracts.void(session, Sender(county, Actor(county.id, county.role), later.at), contract, "录错人")
    assert status_of(contract, TODAY) is ContractStatus.VOID
    sign(session, sender, person, "2026-11-01")


def test_soon_to_end_lists_what_nothing_follows_yet(session, sender, person, doctor) -> None:
    ending = sign(session, sender, person, "2025-12-01")
    other = a_resident(session)
    renewed = sign(session, sender, other, "2025-12-15")
    contracts.renew(session, sender, renewed, renewal("2026-11-20"))
    sign(session, sender, a_resident(session), "2026-10-01")
    scope = scope_of(session, doctor, TODAY)
    rows, total = contract_list.find(session, scope, Wanted(expiring=True), 0, 50)
    assert ([row.contract.id for row in rows], total) == ([ending.id], 1)


@pytest.mark.parametrize("status", list(ContractStatus))
def test_lists_and_single_contracts_agree_on_the_status(session, sender, doctor, status) -> None:
    made = [
        sign(session, sender, a_resident(session), "2026-10-01", signature={"kind": "none"}),
        sign(session, sender, a_resident(session), "2026-10-01"),
        sign(session, sender, a_resident(session), "2026-10-01", start_on="2026-12-01"),
        sign(session, sender, a_resident(session), "2024-10-01"),
    ]
    ended, gone = (sign(session, sender, a_resident(session), "2026-10-01") for _ in range(2))
    end(session, sender, ended, "2026-10-31")
    contracts.void(session, sender, gone, "录错人")
    expected = {c.id for c in [*made, ended, gone] if status_of(c, TODAY) is status}
    rows, total = contract_list.find(session, scope_of(session, doctor, TODAY), Wanted(status=status), 0, 50)
    assert {row.contract.id for row in rows} == expected
    assert total == len(expected)

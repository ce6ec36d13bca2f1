"""What the download of a phone answers, as the document of the API shows it. Null and empty is left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from tracker.domain.contract import ContractStatus
from tracker.domain.person import Group, Sex
from tracker.domain.terms import Disease, Status, TaskKind
from tracker.models.attempt import AttemptOutcome


class OpenTask(BaseModel):
    kind: TaskKind
    chain: bool = False
    due_on: date
    opened_on: date


class RegisterState(BaseModel):
    """What the rules have to know to judge the next visit on the phone."""

    unsat_streak: int
    adr_streak: int
    last_met: date | None = None
    last_evaluated: date | None = None
    judge_from: date = Field(description="What is dated earlier has to be judged by the server.")
    tasks: list[OpenTask]


class RegisterShown(BaseModel):
    disease: Disease
    enrolled_on: date
    status: Status
    state: RegisterState
    urgent: bool = Field(default=False, description="The referral that is tracked was an urgent one.")
    drugs: list[dict[str, Any]] = []


class ReadingShown(BaseModel):
    visit_date: date
    sbp: int | None = None
    dbp: int | None = None
    fpg: float | None = None


class ContractShown(BaseModel):
    team: str
    end_on: date
    status: ContractStatus = ContractStatus.ACTIVE
    start_on: date | None = Field(None, description="Of one that has not begun.")
    follows_on: date | None = Field(None, description="First day of the contract that follows.")


class ContactShown(BaseModel):
    attempted_at: datetime
    outcome: AttemptOutcome
    until: date | None = None
    by: str | None = Field(None, description="Name of who tried.")


class Person(BaseModel):
    """Whoever is on no register has nothing below `contract`."""

    id: UUID
    name: str = Field(description="Masked.")
    initials: str = Field("", description="Every way to read them, apart by a space.")
    sex: Sex
    birth_date: date
    village_code: str
    village: str
    village_group: str | None = Field(None, description="As the address names it: 3组.")
    card: str | None = None
    status: Status = Status.ACTIVE
    death_in_force: bool = Field(default=False, description="The death is not only reported.")
    contract: ContractShown | None = None
    phone: str | None = None
    allergies: str | None = Field(None, description="Left out where nobody has asked.")
    height_cm: float | None = None
    pregnant: bool = False
    groups: list[Group] = []
    readings: list[ReadingShown] = Field([], max_length=3, description="The newest first.")
    last: dict[str, Any] = Field({}, description="What was recorded last, by the rows of the form.")
    conditions: list[RegisterShown] = []
    contact: ContactShown | None = Field(None, description="The last try to reach the person.")
    mine: bool = Field(default=False, description="Whoever asks answers for this person.")


class SyncPage(BaseModel):
    """One page. Ask again at once with `cursor` while there is `more`."""

    cursor: str
    whole: bool = Field(description="Forget everybody: this and the following pages are the whole list.")
    restored: bool = Field(
        description="The server may have gone back in time: send the records you keep again, under their ids."
    )
    more: bool
    rules: str = Field(description="The digest of what GET /rules answers.")
    server_time: datetime
    people: list[Person]
    removed: list[UUID]

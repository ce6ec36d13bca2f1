"""What became of a referral, as it comes in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictBool

from tracker.domain.terms import Disease, ReferralResult
from tracker.schemas.types import Day, Strict, Text, plain_text

Plan = Annotated[str, Field(max_length=1000), BeforeValidator(plain_text)]


class OutcomeIn(Strict):
    """`plan` is what the hospital advises; with it, or with changed treatment, the count starts anew."""

    id: UUID | None = None
    disease: Disease
    outcome: ReferralResult
    outcome_on: Day
    source: Text = ""
    plan: Plan | None = None
    treatment_changed: StrictBool = False

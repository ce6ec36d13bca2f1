"""What the shells of a phone are drawn with: the words of codes, and the forms of the pages, empty."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale

from tracker import clock
from tracker.domain.attempt import PROMISED_AHEAD
from tracker.domain.contract import RENEW_AFTER, RENEW_BEFORE
from tracker.domain.form_rows import by_key
from tracker.domain.person import NO_ALLERGIES, OLDEST
from tracker.forms.attempt import AttemptForm
from tracker.forms.card import CodeForm
from tracker.forms.contract import SignForm
from tracker.forms.resident import ResidentForm, SearchForm
from tracker.words import labels, sentences
from tracker.words.day import MONTHS, WEEKDAYS

RENEWAL = {"before": RENEW_BEFORE.days, "after": RENEW_AFTER.days}
"""Around the end of a contract."""
WITHOUT_TOKEN = {"csrf": False}
"""A shell is public and kept on phones; what is typed into it is sealed and signed by the phone."""


def of_list() -> dict[str, Any]:
    language = get_locale().language
    unmeasured = by_key()["unmeasurable"].options
    return {
        "unmeasured": [(option.value, option.label(str(get_locale()))) for option in unmeasured],
        "labels": labels, "sentences": sentences, "zone": clock.zone().key,
        "months": MONTHS[language], "weekdays": WEEKDAYS[language],
    }  # fmt: skip


def of_search() -> dict[str, Any]:
    return of_list() | {"form": SearchForm()}


def of_person() -> dict[str, Any]:
    return of_list() | {"no_allergies": sorted(NO_ALLERGIES), "renewal": RENEWAL}


def of_card() -> dict[str, Any]:
    return of_list() | {"form": CodeForm()}


def of_attempt() -> dict[str, Any]:
    return of_list() | {"form": AttemptForm(meta=WITHOUT_TOKEN), "most": PROMISED_AHEAD.days}


def of_resident() -> dict[str, Any]:
    form = ResidentForm(meta=WITHOUT_TOKEN)
    form.offer(())
    return of_list() | {"form": form, "alike": [], "oldest": OLDEST}


def of_contract() -> dict[str, Any]:
    form = SignForm(meta=WITHOUT_TOKEN)
    form.team.choices, form.packages.choices = [], []
    return of_list() | {"form": form, "renewal": RENEWAL}

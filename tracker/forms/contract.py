"""Signing, renewing, completing, ending and voiding a contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.domain.contract import TERMS, Evidence, Signer, TerminationReason
from tracker.forms.checked import CheckedForm, DayField, OnceForm, given, options
from tracker.forms.field import pick
from tracker.i18n import lazy_gettext as _l
from tracker.models import Package, Team
from tracker.schemas.contract import ContractIn, RenewalIn, SignLaterIn, TerminationIn
from tracker.words.labels import SIGNERS, TERMINATION_REASONS

YEARS = {1: _l("1 年"), 2: _l("2 年"), 3: _l("3 年")}
HOW = {
    Evidence.DRAWN: _l("当场手写"),
    Evidence.PAPER: _l("已在纸上签字"),
    Evidence.NONE: _l("暂不签字"),
}


class SignatureForm(CheckedForm):
    """How and by whom it was signed; `image` is filled by the signature pad."""

    NAMES = {f"signature.{name}": name for name in ("kind", "by")} | {
        "signature.image": "kind",
        "image": "kind",
        "signature": "kind",
        "resident_id": "signed_on",
    }

    signed_on = DayField(_l("签订日期"), [InputRequired(_l("请填签订日期"))])
    kind = RadioField(
        _l("签字"),
        [InputRequired(_l("请选怎样签字"))],
        choices=options(HOW),
        description=_l("没有签字的不计入签约率，以后可以补签"),
    )
    by = RadioField(_l("签字人"), choices=options(SIGNERS), default=str(Signer.RESIDENT))
    image = HiddenField()

    def signature(self) -> dict[str, Any]:
        drawn = self.kind.data == str(Evidence.DRAWN)
        return given(kind=self.kind.data, by=self.by.data, image=self.image.data if drawn else None)


class RenewForm(OnceForm, SignatureForm):
    """What a contract and its renewal share."""

    years = RadioField(
        _l("签约年限"), [InputRequired()], choices=options(YEARS, *TERMS), default="1", coerce=str
    )
    packages = SelectMultipleField(_l("服务包"), [InputRequired(_l("至少选一个服务包"))], choices=[])

    def offer_packages(self, packages: Sequence[Package], today: date) -> None:
        self.packages.choices = pick(*((package.code, package.name) for package in packages))
        if not self.is_submitted():
            self.signed_on.data = today
            self.packages.data = ["BASIC"]

    def shared(self) -> dict[str, Any]:
        return given(
            id=self.id.data,
            years=int(self.years.data),
            packages=self.packages.data,
            signed_on=self.signed_on.data,
            signature=self.signature(),
        )

    def renewal(self) -> RenewalIn | None:
        return self.value(RenewalIn, self.shared())


class SignForm(RenewForm):
    team = SelectField(_l("团队"), [InputRequired(_l("请选团队"))], choices=[])
    start_on = DayField(_l("生效日期"), [Optional()], description=_l("空着就从签订日期起"))

    def offer_teams(self, teams: Sequence[Team], own: Team | None) -> None:
        self.team.choices = pick(*((team.name, team.name) for team in teams))
        if not self.is_submitted() and own is not None:
            self.team.data = own.name

    def contract(self, resident_id: object) -> ContractIn | None:
        typed = self.shared() | given(
            resident_id=str(resident_id), team=self.team.data, start_on=self.start_on.data
        )
        return self.value(ContractIn, typed)


class SignLaterForm(SignatureForm):
    def completed(self) -> SignLaterIn | None:
        return self.value(SignLaterIn, {"signed_on": self.signed_on.data, "signature": self.signature()})

    @classmethod
    def offer(cls, today: date) -> SignLaterForm:
        form = cls(signed_on=today)
        form.kind.choices = options(HOW, Evidence.DRAWN, Evidence.PAPER)
        return form


class TerminateForm(CheckedForm):
    terminated_on = DayField(
        _l("解约日期"), [InputRequired(_l("请填解约日期"))], description=_l("合同到这一天为止")
    )
    reason = SelectField(
        _l("解约原因"), [InputRequired(_l("请选解约原因"))],
        choices=pick(("", _l("请选择"))) + options(TERMINATION_REASONS, *TerminationReason),
    )  # fmt: skip
    note = TextAreaField(_l("说明"), [Length(max=500)])

    def termination(self) -> TerminationIn | None:
        return self.value(
            TerminationIn,
            given(
                terminated_on=self.terminated_on.data,
                reason=self.reason.data,
                note=(self.note.data or "").strip(),
            ),
        )


class VoidForm(CheckedForm):
    reason = TextAreaField(_l("作废原因"), [InputRequired(_l("请写明作废原因")), Length(max=500)])

"""Whose cards to print and what stands on them, the code of a card, and why a card is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from tracker.domain.card import is_code, tidy
from tracker.forms.checked import options
from tracker.forms.field import TextField, pick
from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l
from tracker.models import Region
from tracker.services.card.choice import Choice, Whom

WHOM = {
    Whom.MANAGED: _l("在管慢病患者"),
    Whom.ELDERLY: _l("65 岁以上老年人"),
    Whom.CONTRACTED: _l("已签约的"),
    Whom.EVERYBODY: _l("全村的人"),
    Whom.CHOSEN: _l("我来挑"),
}
PRINTED, ALL = "unprinted", "all"


class ChoiceForm(Form):
    """What stands in the address of the page: the village, whom, and whether printed ones again."""

    village = SelectField(_l("村"), choices=[], validate_choice=False)
    whom = RadioField(_l("给谁印"), choices=options(WHOM), default=Whom.MANAGED.value)
    again = RadioField(
        _l("印过的"), choices=pick((PRINTED, _l("印过的不再印")), (ALL, _l("都印"))), default=PRINTED
    )
    q = TextField(_l("找人"), [Length(max=200)])

    def offer(self, villages: Iterable[Region]) -> None:
        """The villages there are; the first one where none, or a foreign one, was asked for."""
        places = pick(*((v.code, v.name) for v in villages))
        self.village.choices = places
        codes = [place.value for place in places]
        if self.village.data not in codes:
            self.village.data = codes[0] if codes else ""

    def choice(self, chosen: Iterable[str] = ()) -> Choice:
        """The choice as asked for; a word that is none is the usual one."""
        whom = Whom(self.whom.data) if self.whom.data in list(Whom) else Whom.MANAGED
        self.whom.data = whom.value
        return Choice(self.village.data or "", whom, self.again.data != ALL, tuple(_ids(chosen)))


class PrintForm(FlaskForm):
    """What the sheet shows besides codes and telephones."""

    named = BooleanField(
        _l("卡上印姓名（打星号）和村名"),
        description=_l("如：张*英。不勾就只有码、团队和电话，卡丢了也看不出是谁的"),
    )
    listed = BooleanField(
        _l("最后附一张对照表"), description=_l("写着哪张卡是谁的，发卡时用；留在卫生室，不要发出去")
    )


class CodeForm(Form):
    code = TextField(_l("卡上的码"), [Length(max=60)], description=_l("卡片二维码下面的 8 位字母和数字"))

    def read(self) -> str | None:
        """The code that was typed, or None with the word on it beside the field."""
        said = tidy(self.code.data)
        if is_code(said):
            return said
        self.code.errors = [wrong_code()]
        return None


class ReplaceForm(FlaskForm):
    reason = TextField(
        _l("为什么换"), [InputRequired(_l("请写明原因")), Length(max=200)], description=_l("如：丢了、磨坏了")
    )


def wrong_code() -> str:
    return _("码不对，请再看一遍")


def _ids(said: Iterable[str]) -> Iterable[UUID]:
    for word in said:
        try:
            yield UUID(word)
        except ValueError:
            continue

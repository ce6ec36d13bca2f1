"""Adding teams and the villages they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from tracker.forms.field import TextField, pick
from tracker.i18n import lazy_gettext as _l
from tracker.models import BEGINNING, Region
from tracker.services.workforce.team import NewTeam


class TeamForm(FlaskForm):
    name = TextField(_l("团队名"), [InputRequired(_l("要填团队名")), Length(max=80)])
    township = SelectField(_l("乡镇"))
    villages = TextField(
        _l("负责的村"),
        [InputRequired(_l("至少要有一个村")), Length(max=2000)],
        description=_l("村名或 12 位代码，用空格或逗号隔开"),
    )
    phone = TextField(_l("团队电话"), [Length(max=40)])
    from_on = DateField(_l("从哪天起"), [Optional()], description=_l("不填表示一直如此"))

    def offer(self, townships: Iterable[Region]) -> None:
        self.township.choices = pick(*((town.code, town.name) for town in townships))

    def typed(self) -> list[str]:
        """The villages, by name or code."""
        return re.findall(r"[^\s,，、;；]+", self.villages.data)

    def new(self, codes: Sequence[str]) -> NewTeam:
        since = self.from_on.data or BEGINNING
        return NewTeam(self.name.data, self.township.data, codes, self.phone.data, from_on=since)


class CoverForm(FlaskForm):
    village = SelectField(_l("村"), choices=[])
    from_on = DateField(_l("从哪天起"), [InputRequired(_l("要填日期"))])

    def offer(self, villages: Iterable[Region]) -> None:
        self.village.choices = pick(*((village.code, village.name) for village in villages))

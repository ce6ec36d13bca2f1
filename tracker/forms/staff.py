"""Adding and changing people, and giving them a place in a team."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from tracker.domain.roles import Role
from tracker.forms.field import TextField, pick
from tracker.i18n import lazy_gettext as _l
from tracker.models import Institution, Team
from tracker.services.workforce.staff import Details
from tracker.words.labels import LICENCES, ROLES

NONE = ("", "—")


class StaffForm(FlaskForm):
    name = TextField(_l("姓名"), [InputRequired(_l("要填姓名")), Length(max=80)])
    role = SelectField(_l("角色"))
    regions = TextField(
        _l("负责的地区"), [Length(max=2000)], description=_l("地区名或代码，几个的话用空格或逗号隔开")
    )
    phone = TextField(_l("电话"), [Length(max=40)])
    institution = SelectField(_l("所在机构"))
    licence_kind = SelectField(_l("执业证"), choices=pick(*LICENCES.items()))
    licence_expires_on = DateField(_l("执业证到期日"), [Optional()])

    def offer(self, roles: Iterable[Role], institutions: Iterable[Institution]) -> None:
        """Fill the pick lists with what the manager may give."""
        self.role.choices = pick(*((str(role), ROLES[role]) for role in Role if role in set(roles)))
        self.institution.choices = pick(NONE, *((str(row.id), row.name) for row in institutions))

    def typed(self) -> list[str]:
        """The places answered for, by name or code."""
        return re.findall(r"[^\s,，、;；]+", self.regions.data)

    def details(self, codes: Sequence[str]) -> Details:
        chosen = self.institution.data
        return Details(
            name=self.name.data,
            role=Role(self.role.data),
            regions=codes,
            phone=self.phone.data or None,
            licence_kind=self.licence_kind.data or "",
            licence_expires_on=self.licence_expires_on.data,
            institution_id=UUID(chosen) if chosen else None,
        )


class NewStaffForm(StaffForm):
    username = TextField(
        _l("用户名"),
        [InputRequired(_l("请填用户名")), Length(max=60)],
        description=_l("登录用，可以用手机号或工号；以后不能改"),
    )


class JoinForm(FlaskForm):
    """A place in a team from a day on."""

    team = SelectField(_l("团队"))
    from_on = DateField(_l("从哪天起"), [InputRequired(_l("要填日期"))])

    def offer(self, teams: Iterable[Team]) -> None:
        self.team.choices = pick(*((str(team.id), team.name) for team in teams))


class EndForm(FlaskForm):
    """The last day of a membership or of covering a village."""

    to_on = DateField(_l("最后一天"), [InputRequired(_l("要填日期"))])

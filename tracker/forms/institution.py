"""Adding hospitals and clinics."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from tracker.forms.field import TextField, pick
from tracker.i18n import lazy_gettext as _l
from tracker.models import InstitutionKind
from tracker.services.workforce.institution import NewInstitution
from tracker.words.labels import INSTITUTIONS


class InstitutionForm(FlaskForm):
    name = TextField(_l("名称"), [InputRequired(_l("要填名称")), Length(max=120)])
    kind = SelectField(_l("类别"), choices=pick(*INSTITUTIONS.items()))
    region_code = TextField(
        _l("所在地区"), [InputRequired(_l("要填地区")), Length(max=80)], description=_l("地区名或代码")
    )
    parent = TextField(_l("上级机构"), [Length(max=120)])
    county_group = TextField(_l("所属医共体"), [Length(max=120)])
    licence_no = TextField(_l("执业许可证号"), [Length(max=60)])
    phone = TextField(_l("电话"), [Length(max=40)])

    def new(self, code: str) -> NewInstitution:
        return NewInstitution(
            name=self.name.data,
            kind=InstitutionKind(self.kind.data),
            region_code=code,
            parent=self.parent.data,
            county_group=self.county_group.data,
            licence_no=self.licence_no.data,
            phone=self.phone.data,
        )

"""Registering and correcting a person, searching, and the reason for a look at the full record."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from tracker.domain.person import ENTERED, Group, Sex
from tracker.domain.phones import read_phones
from tracker.domain.terms import Disease, Status
from tracker.forms.checked import CheckedForm, DayField, given, options
from tracker.forms.field import TextField, pick
from tracker.forms.stale import Sent, marks, merged, say_both
from tracker.forms.visit_field import NumberField
from tracker.i18n import lazy_gettext as _l
from tracker.models import Region, Resident, ResidentGroup, ResidentPhone
from tracker.schemas.resident import ResidentIn
from tracker.services.resident.search import Filters
from tracker.words.labels import DISEASES, GROUPS, ID_TYPES, SEXES, STATUSES

Choice = TypeVar("Choice", bound=StrEnum)
ON_FILE = (
    "name", "id_type", "no_id_reason", "sex", "birth_date", "address", "registered", "ethnicity", "height_cm",
    "allergies", "note",
)  # fmt: skip
"""What the form shows as it is on file; the numbers of documents are not among it."""
PHONES_SHOWN = 80
PREGNANCY = ("lmp", "edd", "delivered_on", "lactating_until")
KEPT_APART = (*ON_FILE, "phones", "region_code", "groups", *PREGNANCY)
"""What two may change at the same time, each for itself."""


class ResidentForm(CheckedForm):
    NAMES = {f"pregnancy.{name}": name for name in PREGNANCY}
    kept_number: str | None = None
    kept_guardian: str | None = None
    """Numbers on file are never written into a page; an empty field keeps them."""

    name = TextField(_l("姓名"), [InputRequired(_l("请填姓名"))])
    id_type = SelectField(_l("证件"), choices=options(ID_TYPES), default="id_card")
    id_number = TextField(_l("证件号码"), description=_l("18 位或 15 位都行；没有就空着，在下面写明原因"))
    no_id_reason = TextField(_l("没有证件号码的原因"), description=_l("如：新生儿、证件丢失"))
    guardian_id = TextField(_l("监护人身份证号"), description=_l("没有证件的孩子填"))
    sex = RadioField(_l("性别"), [InputRequired(_l("请选性别"))], choices=options(SEXES, *Sex))
    birth_date = DayField(_l("出生日期"), [InputRequired(_l("请填出生日期"))])
    phones = TelField(_l("电话"), description=_l("几个号码用顿号分开，后面可写是谁的：13800000000（儿子）"))
    allergies = TextField(
        _l("过敏史"), description=_l("对什么药、什么食物过敏；问过没有就写“无”，没问过就空着")
    )
    region_code = SelectField(_l("村"), [InputRequired(_l("请选村"))], choices=[])
    address = TextField(_l("详细住址"), description=_l("组、门牌号"))
    groups = SelectMultipleField(
        _l("重点人群"),
        choices=options(GROUPS, *(g for g in Group if g in ENTERED)),
        description=_l("老年人、儿童、高血压、糖尿病由系统算出，不用选"),
    )
    lmp = DayField(_l("末次月经"), [Optional()])
    edd = DayField(_l("预产期"), [Optional()])
    delivered_on = DayField(_l("分娩日期"), [Optional()])
    lactating_until = DayField(_l("哺乳到"), [Optional()])
    registered = BooleanField(_l("户口在本地"), default=True)
    ethnicity = TextField(_l("民族"))
    height_cm = NumberField(_l("身高"), [Optional()])
    note = TextAreaField(_l("备注"), [Optional()])
    another = BooleanField(_l("不是同一个人，照样建档"))
    seen = HiddenField()
    shown: ResidentForm | None = None
    """The form as it is on file now, where one of before was sent."""
    both: list[str] = []

    def offer(self, villages: Iterable[Region]) -> None:
        """The villages that may be chosen; a single one is chosen already."""
        places = pick(*((v.code, v.name) for v in villages))
        self.region_code.choices = places if len(places) == 1 else [*pick(("", _l("请选择"))), *places]
        if self.shown is not None:
            self.shown.region_code.choices = self.region_code.choices

    def undecided(self) -> bool:
        """Whether somebody else has changed what was changed here, too; said beside the fields."""
        if self.both and self.shown is not None:
            say_both(self, self.shown, self.both)
        return bool(self.both)

    def resident(self) -> ResidentIn | None:
        """What was typed, or None with the refusals beside the fields."""
        dates = given(**{name: self[name].data for name in PREGNANCY})
        values = given(
            name=self.name.data,
            id_type=self.id_type.data,
            id_number=self.id_number.data or self.kept_number,
            no_id_reason=self.no_id_reason.data,
            guardian_id=self.guardian_id.data or self.kept_guardian,
            sex=self.sex.data,
            birth_date=self.birth_date.data,
            phones=_numbers(self.phones.data or ""),
            region_code=self.region_code.data,
            address=self.address.data,
            groups=self.groups.data or [],
            pregnancy=dates if dates and Group.PRG in (self.groups.data or []) else None,
            registered=self.registered.data,
            ethnicity=self.ethnicity.data,
            height_cm=self.height_cm.data,
            allergies=self.allergies.data,
            note=self.note.data,
        )
        return self.value(ResidentIn, values)

    @classmethod
    def of(
        cls, resident: Resident, phones: Iterable[ResidentPhone], groups: Iterable[ResidentGroup], sent: Sent
    ) -> ResidentForm:
        """The form filled with what is on file, or with what was sent where that says something else."""
        entered = list(groups)
        pregnancy: dict[str, Any] = next((dict(g.details) for g in entered if g.code == Group.PRG), {})
        on_file = {name: getattr(resident, name) for name in ON_FILE} | {
            "region_code": resident.village_code,
            "phones": "、".join(f"{p.number}（{p.note}）" if p.note else p.number for p in phones),
            "groups": [g.code for g in entered],
        }
        shown = cls(formdata=None, **on_file)
        for name, day in pregnancy.items():
            shown[name].process_formdata([day])
        form = shown
        if sent:
            found, both = merged(sent, shown, KEPT_APART)
            form = cls(formdata=found, **on_file)
            form.shown, form.both = shown, both
        form.seen.data = marks(shown, KEPT_APART)
        form.kept_number, form.kept_guardian = resident.id_number, resident.guardian_id
        return form


def _numbers(said: str) -> list[str]:
    """One entry for each number; a line that cannot be read stays whole, to be refused as it is."""
    found = read_phones(said)
    if found.issues:
        return [said[:PHONES_SHOWN]]
    return [f"{p.number}（{p.remark}）" if p.remark else p.number for p in found.value or ()]


class SearchForm(Form):
    """The search box and what narrows the list."""

    q = TextField(_l("找人"), [Length(max=200)])
    village = SelectField(_l("村"), choices=[], validate_choice=False)
    group = SelectField(_l("人群"), choices=[*pick(("", _l("全部"))), *options(GROUPS)])
    disease = SelectField(_l("慢病"), choices=[*pick(("", _l("全部"))), *options(DISEASES, *Disease)])
    status = SelectField(_l("状态"), choices=[*pick(("", _l("全部"))), *options(STATUSES, *Status)])

    def offer(self, villages: Iterable[Region]) -> None:
        self.village.choices = pick(("", _l("全部")), *((v.code, v.name) for v in villages))

    def wanted(self) -> Filters:
        """The search as asked for; a word that is no choice narrows nothing."""
        return Filters(
            q=self.q.data,
            village=self.village.data or "",
            group=_chosen(Group, self.group.data),
            disease=_chosen(Disease, self.disease.data),
            status=_chosen(Status, self.status.data),
        )


def _chosen(kind: type[Choice], said: str | None) -> Choice | None:
    return kind(said) if said in {str(choice) for choice in kind} else None


class RevealForm(FlaskForm):
    reason = TextField(_l("为什么要看完整信息"), [InputRequired(_l("请写明原因")), Length(max=200)])

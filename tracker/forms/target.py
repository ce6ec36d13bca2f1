"""Targets of a year, and the population that the rates are held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from wtforms import SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.domain.indicator import Key, groups_of
from tracker.domain.terms import Disease
from tracker.forms.checked import CheckedForm
from tracker.forms.field import ExactField, TextField, pick
from tracker.forms.visit_field import WholeField
from tracker.i18n import lazy_gettext as _l
from tracker.models import Level, Region
from tracker.words.labels import indicator

INDENT = {Level.COUNTY: "", Level.TOWNSHIP: "　", Level.VILLAGE: "　　"}
YEAR = NumberRange(2000, 2100, _l("年份应在 2000–2100 之间"))
PEOPLE = NumberRange(0, 100_000_000, _l("人数应在 0 到 1 亿之间"))


class _PlaceForm(CheckedForm):
    region = SelectField(_l("地区"), [InputRequired(_l("请选地区"))], choices=[])
    year = WholeField(_l("年份"), [InputRequired(_l("请填年份")), YEAR])

    NAMES = {"region_code": "region"}

    def offer_regions(self, regions: Sequence[Region], chosen: str, year: int) -> None:
        self.region.choices = pick(*((r.code, INDENT.get(r.level, "") + r.name) for r in regions))
        if not self.is_submitted():
            self.region.data, self.year.data = chosen, year


class TargetForm(_PlaceForm):
    subject = SelectField(_l("指标"), [InputRequired(_l("请选指标"))], choices=[])
    percent = ExactField(
        _l("年底目标"),
        [InputRequired(_l("请填目标")), NumberRange(Decimal(0), Decimal(100), _l("目标应在 0–100 之间"))],
    )

    NAMES = {**_PlaceForm.NAMES, "indicator": "subject", "group": "subject"}

    def offer_subjects(self) -> None:
        self.subject.choices = pick(*_subjects())

    def chosen(self) -> tuple[str, str]:
        """Indicator and group; an empty group is everybody."""
        key, _separator, group = self.subject.data.partition("/")
        return key, group


def _subjects() -> Iterable[tuple[str, str]]:
    for key in Key:
        for group in groups_of(key):
            yield (str(key) if group is None else f"{key}/{group}"), indicator(key, group)


class PopulationForm(_PlaceForm):
    resident = WholeField(_l("常住人口"), [InputRequired(_l("请填常住人口")), PEOPLE])
    registered = WholeField(_l("户籍人口"), [Optional(), PEOPLE])
    hypertension = WholeField(
        _l("估计高血压患者"),
        [Optional(), PEOPLE],
        description=_l("按患病率估计或上级下达的任务数，管理率用它作分母"),
    )
    diabetes = WholeField(_l("估计糖尿病患者"), [Optional(), PEOPLE])
    source = TextField(_l("来源"), [Length(max=200)], description=_l("如：第七次人口普查、统计年鉴"))

    def patients(self) -> dict[Disease, int | None]:
        return {Disease.HYPERTENSION: self.hypertension.data, Disease.DIABETES: self.diabetes.data}

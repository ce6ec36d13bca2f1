"""A service package: one line for each service and how often a year it is planned."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.forms.checked import CheckedForm
from tracker.forms.field import ExactField, TextField
from tracker.i18n import lazy_gettext as _l
from tracker.models import Package
from tracker.schemas.package import PackageIn

LINE = re.compile(r"(?P<name>.*?)[\s×xX*,，:：]*(?P<times>\d{1,3})?\s*次?\s*$")


class PackageForm(CheckedForm):
    NAMES = {"price_fen": "price"}

    code = TextField(
        _l("代码"),
        [InputRequired(_l("请填代码"))],
        description=_l("大写字母和数字，如 KEY_HTN；同一代码会成为新一版"),
    )
    name = TextField(_l("名称"), [InputRequired(_l("请填名称"))])
    price = ExactField(
        _l("居民每年付"),
        [Optional(), NumberRange(0, 100_000, _l("每年付的钱应在 0–100000 元之间"))],
        description=_l("元，免费填 0"),
    )
    items = TextAreaField(_l("服务项目"), description=_l("每行一项，后面写每年次数：高血压随访 4"))
    active = BooleanField(_l("可以签约"), default=True)

    def package(self) -> PackageIn | None:
        yuan = self.price.data or 0
        return self.value(
            PackageIn,
            {
                "code": self.code.data,
                "name": self.name.data,
                "price_fen": int(yuan * 100),
                "items": [_item(line) for line in (self.items.data or "").splitlines() if line.strip()],
                "active": bool(self.active.data),
            },
        )

    @classmethod
    def of(cls, package: Package) -> PackageForm:
        """Filled with a version, to make the next one of."""
        lines = "\n".join(f"{item['name']} {item['times']}" for item in package.items)
        return cls(
            code=package.code, name=package.name, price=package.price_fen / 100, items=lines,
            active=package.active,
        )  # fmt: skip


def _item(line: str) -> dict[str, Any]:
    found = LINE.match(line.strip())
    name, times = (found["name"], found["times"]) if found else (line, None)
    return {"name": name.strip(), "times": int(times or 1)}

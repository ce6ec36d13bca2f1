"""The words for what phones brought: kinds of records, what became of them, why they were refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale

from tracker.domain.form_rows import by_key
from tracker.i18n import lazy_gettext as _l
from tracker.models import AttemptOutcome
from tracker.words.labels import OUTCOMES

KINDS = {"visit": _l("随访"), "attempt": _l("联系记录"), "resident": _l("新居民"), "contract": _l("新签约")}
STATES = {
    "accepted": ("done", _l("已收下")),
    "conflict": ("warning", _l("与已存的内容不同，请您决定")),
    "rejected": ("overdue", _l("没有收，请您处理")),
}
"""What became of a record: the kind of its mark, and the words."""
FIELDS = {
    "name": _l("姓名"),
    "birth_date": _l("出生日期"),
    "address": _l("地址"),
    "attempted_at": _l("联系时间"),
    "outcome": _l("结果"),
    "until": _l("到哪天"),
    "note": _l("备注"),
    "signed_on": _l("签订日期"),
    "start_on": _l("生效日期"),
    "years": _l("年限"),
    "team": _l("团队"),
    "region_code": _l("村"),
    "hypertension": _l("高血压"),
    "diabetes": _l("2型糖尿病"),
    "id_number": _l("身份证号"),
    "sealed": _l("密封的内容"),
    "author": _l("记录人"),
}
"""Fields of records beside the rows of the visit form."""
PLAIN = (
    *("name", "birth_date", "address", "outcome", "until", "note"),
    *("signed_on", "start_on", "years", "team"),
)
"""What is shown of a record that is no visit; numbers of documents and phones are not."""
NOT_FOUND = "not found"
"""How calls of the interface say it, whatever the language."""


def reasons(errors: Mapping[str, Sequence[str]]) -> list[str]:
    """Why a record was refused, each with the name of its field where there is one."""
    return [
        f"{_field(name)}{_l('：')}{_said(text)}" if _field(name) else str(_said(text))
        for name, said in errors.items()
        for text in said
    ]


def _said(text: str) -> Any:
    return _l("没有这个居民，或那天不归记录的人管") if text == NOT_FOUND else text


def _field(name: str) -> str:
    if name in by_key():
        return by_key()[name].label(str(get_locale()))
    return str(FIELDS.get(name, ""))


def plain_lines(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be told of a contact, a new person or a contract."""
    return [
        (str(FIELDS[name]), _text(name, content[name]))
        for name in PLAIN
        if isinstance(content.get(name), str | int) and content[name] != ""
    ]


def _text(name: str, value: Any) -> str:
    if name == "outcome" and value in list(AttemptOutcome):
        return str(OUTCOMES[AttemptOutcome(value)])
    return str(value)[:200]

"""A person as the pages and the API bring them in: cleaned, checked against the ID number."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictBool, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tracker.domain.cells import placeholder
from tracker.domain.finding import finding_text
from tracker.domain.identity import Refusal, read_id_number
from tracker.domain.names import CHINESE_GAP
from tracker.domain.person import Group, Sex
from tracker.domain.phones import Phone, read_phones
from tracker.domain.reasons import Reason
from tracker.schemas.types import Day, Long, Number, Short, Strict, Text

ID_CARD = "id_card"
PHONES_AT_MOST = 8
NAME_AT_MOST = 50
DOCUMENT = re.compile(r"[0-9A-Z()-]{4,30}")
IdType = Literal["id_card", "household_book", "birth_certificate", "passport", "hk_macao_taiwan", "other"]


def refusal(reason: Reason, **params: str) -> PydanticCustomError:
    """A roster's reason as an error beside a field; the words are those of the report."""
    return PydanticCustomError(
        f"roster_{reason}",
        finding_text(reason, params).replace("{", "{{").replace("}", "}}"),
        dict(params),
    )


def _name(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > 4 * NAME_AT_MOST:
        return value
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in value.strip()):
        raise PydanticCustomError("nul", "含有不能保存的字符")
    closed = " ".join(CHINESE_GAP.sub("", value).split())
    if not closed:
        raise PydanticCustomError("name_empty", "请填姓名")
    return closed


Name = Annotated[str, Field(max_length=NAME_AT_MOST), BeforeValidator(_name)]


def read_phone(value: str) -> Phone:
    """One telephone number with the remark behind it; an error says what is wrong with it."""
    found = read_phones(value)
    if found.issues:
        raise refusal(found.issues[0].reason, **found.issues[0].params)
    if found.value is None or len(found.value) != 1:
        raise PydanticCustomError("one_phone", "每项填一个电话号码")
    return found.value[0]


class Pregnancy(Strict):
    """What is known of a pregnancy: last period, expected and actual delivery, breast-feeding."""

    lmp: Day | None = None
    edd: Day | None = None
    delivered_on: Day | None = None
    lactating_until: Day | None = None


class ResidentIn(Strict):
    """A person. The ID number is in its normal form, or empty with the reason why there is none."""

    id: UUID | None = None
    name: Name
    id_type: IdType = "id_card"
    id_number: Text | None = None
    no_id_reason: Text | None = None
    guardian_id: Text | None = None
    sex: Sex
    birth_date: Day
    phones: Annotated[list[Short], Field(max_length=PHONES_AT_MOST)] = []
    region_code: Annotated[Short, Field(pattern=r"^[0-9]{12}$")]
    address: Text | None = None
    groups: Annotated[list[Group], Field(max_length=len(Group))] = []
    pregnancy: Pregnancy | None = None
    registered: StrictBool = True
    ethnicity: Annotated[Short, Field(max_length=40)] = ""
    height_cm: Annotated[Number, Field(ge=30, le=250)] | None = None
    allergies: Text | None = None
    note: Long = ""

    @field_validator("phones")
    @classmethod
    def usable_phones(cls, value: list[str]) -> list[str]:
        said = [number for number in value if number.strip() and not placeholder(number)]
        for number in said:
            read_phone(number)
        return said

    @field_validator("allergies")
    @classmethod
    def asked(cls, value: str | None) -> str | None:
        """Left empty says that nobody has asked; that there are none is said in words."""
        return " ".join((value or "").split()) or None

    @field_validator("guardian_id")
    @classmethod
    def valid_guardian(cls, value: str | None) -> str | None:
        return _card(value) if value is not None and not placeholder(value) else None

    @model_validator(mode="before")
    @classmethod
    def document(cls, data: Any) -> Any:
        """A placeholder (无, 不详) says that there is no number, and is the reason where none is given."""
        if not isinstance(data, dict) or not isinstance(data.get("id_number"), str):
            return data
        number = data["id_number"]
        if not placeholder(number) or len(number) > NAME_AT_MOST:
            return data
        return {**data, "id_number": None, "no_id_reason": data.get("no_id_reason") or number.strip() or None}

    @model_validator(mode="after")
    def identified(self) -> Self:
        number = normal_number(self.id_type, self.id_number)
        if number is None and not (self.no_id_reason or "").strip():
            raise PydanticCustomError("no_id_reason", "没有身份证号要写明原因", {"field": "no_id_reason"})
        if number is not None and self.id_type == ID_CARD:
            _agree(number, self)
        object.__setattr__(self, "id_number", number)
        return self

    def telephones(self) -> list[Phone]:
        """The numbers in their normal form, each once."""
        found = {phone.number: phone for phone in map(read_phone, self.phones)}
        return list(found.values())


def normal_number(id_type: str, raw: str | None) -> str | None:
    """The number of the document in one way of writing, or None where there is none."""
    if raw is None or placeholder(raw):
        return None
    if id_type == ID_CARD:
        return _card(raw, "id_number")
    number = unicodedata.normalize("NFKC", raw).upper().replace(" ", "")
    if not DOCUMENT.fullmatch(number):
        raise PydanticCustomError("document_number", "证件号码只含字母和数字", {"field": "id_number"})
    return number


def _card(raw: str, at: str | None = None) -> str:
    found = read_id_number(raw)
    if isinstance(found, Refusal):
        where = {"field": at} if at else {}
        raise refusal(found.reason, **{**found.params, **where})
    return found.value


def _agree(number: str, person: ResidentIn) -> None:
    found = read_id_number(number)
    if isinstance(found, Refusal):
        return
    if found.birth_date != person.birth_date:
        raise PydanticCustomError(
            "birth_unlike_id",
            "与身份证号上的出生日期 {on} 不一致",
            {"field": "birth_date", "on": found.birth_date.isoformat()},
        )
    if found.sex is not person.sex:
        raise PydanticCustomError("sex_unlike_id", "与身份证号上的性别不一致", {"field": "sex"})

"""Telephone numbers of the mainland numbering plan: mobiles 1[3-9]…, landlines with area code."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from tracker.domain.cells import broken, placeholder, text
from tracker.domain.finding import Issue, Read
from tracker.domain.reasons import Reason

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")
LOCAL = re.compile(r"[2-8]\d{6,7}")
COUNTRY = re.compile(r"(?:\+?0{0,2}86)[- ]?(?=1[3-9]\d{9}$|0?\d{2,3}-?\d{7,8}$)")
COUNTRY_APART = re.compile(r"(?<!\d)\+?(?:00)?86[ -](?=1[3-9]\d)")
GROUPED = re.compile(r"(?<!\d)(1[3-9]\d)[ -](\d{4})[ -](\d{4})(?!\d)")
AREA_APART = re.compile(
    r"(?<!\d)\(?(0\d{2,3})\)?\s*[- ]\s*(\d{7,8})(?!\d)|(?<!\d)\((0\d{2,3})\)(\d{7,8})(?!\d)"
)
REMARK = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
SEPARATORS = re.compile(r"[/\\、,;\s|]|或者?|和|。")
LABELLED = re.compile(r"([^\d+]*?)[::]?([+\d][\d-]*)([^\d]*)")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Phone:
    """A number and whose it is, as the roster remarks (儿子, 本人)."""

    number: str
    remark: str = ""


def read_phones(raw: object, area_code: str | None = None) -> Read[tuple[Phone, ...]]:
    """Every usable number of the cell; each other part is an issue. `area_code` only feeds a suggestion."""
    if isinstance(raw, str) and len(raw) == 11 and raw.isascii() and MOBILE.fullmatch(raw):
        return Read((Phone(raw),))
    if broken(raw):
        return Read((), (Issue(Reason.BROKEN_FORMULA),))
    if placeholder(raw):
        return Read(())
    if isinstance(raw, float) and (not math.isfinite(raw) or not raw.is_integer()):
        return Read((), (Issue(Reason.PHONE_UNCLEAR),))
    said = text(raw)
    if len(said) > LONGEST:
        return Read((), (Issue(Reason.PHONE_UNCLEAR),))
    return _several(unicodedata.normalize("NFKC", said), area_code)


def _several(said: str, area_code: str | None) -> Read[tuple[Phone, ...]]:
    said = COUNTRY_APART.sub("", said)
    said = GROUPED.sub(r"\1\2\3", AREA_APART.sub(lambda m: f"{m[1] or m[3]}-{m[2] or m[4]}", said))
    phones: dict[str, Phone] = {}
    issues: list[Issue] = []
    fixes: list[Issue] = []
    parts = [part for part in _split(said) if not placeholder(part[0]) or part[1]]
    for part, remark in parts:
        number, label = _labelled(part)
        remark = remark or label
        reason = _refused(number, area_code)
        if reason is not None:
            issues.append(reason)
        elif number not in phones:
            phones[number] = Phone(number, remark)
            fixes += [Issue(Reason.PHONE_REMARK, {"remark": remark})] if remark else []
    return Read(tuple(phones.values()), tuple(issues), tuple(fixes))


def _split(said: str) -> list[tuple[str, str]]:
    """Pairs of a number's text and the remark in the brackets after it."""
    pairs: list[tuple[str, str]] = []
    for index, piece in enumerate(REMARK.split(said)):
        if index % 2 == 0:
            pairs += [(part, "") for part in SEPARATORS.split(piece) if part.strip(":")]
        elif pairs and any(c.isdigit() for c in pairs[-1][0]):
            pairs[-1] = (pairs[-1][0], piece.strip())
    return pairs


def _labelled(part: str) -> tuple[str, str]:
    found = LABELLED.fullmatch(part)
    if not found:
        return part, ""
    return COUNTRY.sub("", found[2].strip("-")), (found[1] or found[3]).strip(" :")


def _refused(number: str, area_code: str | None) -> Issue | None:
    if MOBILE.fullmatch(number) or LANDLINE.fullmatch(number):
        return None
    if SCIENTIFIC.fullmatch(number):
        return Issue(Reason.PHONE_SCIENTIFIC)
    if LOCAL.fullmatch(number):
        suggestion = {"suggestion": f"{area_code}-{number}"} if area_code else {}
        return Issue(Reason.PHONE_LOCAL_SUGGEST if area_code else Reason.PHONE_LOCAL, suggestion)
    digits = sum(c.isdigit() for c in number)
    return Issue(Reason.PHONE_DIGITS, {"digits": str(digits)}) if digits >= 3 else Issue(Reason.PHONE_UNCLEAR)

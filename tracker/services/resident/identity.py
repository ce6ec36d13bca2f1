"""How a person is recognised and found again: blind indexes of the documents, telephones and last digits."""

from __future__ import annotations

from datetime import date

from tracker.domain.person import Sex
from tracker.models.sealed import blind_index

TAIL = 4


def document_key(number: str, id_type: str = "id_card") -> bytes:
    """The same for every way of writing one ID number; other documents are kept apart by their type."""
    if id_type == "id_card":
        return blind_index("resident.id_number", number)
    return blind_index("resident.document", f"{id_type}|{number}")


def paperless_key(name: str, sex: Sex, birth_date: date, village_code: str, guardian_id: str | None) -> bytes:
    """Of a person without a usable number: name, sex, birth date, village and guardian stand for it."""
    parts = (name, str(sex), birth_date.isoformat(), village_code, guardian_id or "")
    return blind_index("resident.paperless", "|".join(parts))


def tail_key(number: str) -> bytes:
    """Of the last four characters of an ID number."""
    return blind_index("resident.id_tail", number[-TAIL:])


def phone_key(number: str) -> bytes:
    """Of all digits of a telephone number, however it is hyphenated."""
    return blind_index("resident_phone.number", digits(number))


def phone_tail_key(number: str) -> bytes:
    """Of the last four digits of a telephone number."""
    return blind_index("resident_phone.tail", digits(number)[-TAIL:])


def digits(text: str) -> str:
    if text.isascii() and text.isdigit():
        return text
    return "".join(c for c in text if c.isascii() and c.isdigit())

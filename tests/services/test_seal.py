"""Seals: what a phone closes only the server opens, whatever became of it on the way."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.devices import a_seal, text_of
from tracker.models import sealed
from tracker.models.sealed import KeyRing, keys, use_keys
from tracker.schemas.problem import Refused
from tracker.schemas.sealed import SEALED_AT_MOST, bytes_of
from tracker.services.phone.seal import unseal

ID = UUID("3f2b7c1e-9a4d-4c58-8e21-5d0c6a7b9e10")
VECTOR = json.loads((Path(__file__).parent / "seal_vector.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def ring(tmp_path: Path) -> None:
    before = sealed._Ring.current
    KeyRing.create(tmp_path / "keys.json")
    use_keys(KeyRing.read(tmp_path / "keys.json"))
    yield
    sealed._Ring.current = before


def code(*given: object) -> str:
    with pytest.raises(Refused) as refused:
        unseal(*given)  # type: ignore[arg-type]
    return refused.value.problems[0].code


def test_what_is_sealed_comes_out_again_with_its_id() -> None:
    assert unseal(ID, a_seal(str(ID), {"note": "老人好转"})) == {"id": str(ID), "note": "老人好转"}
    assert unseal(ID, a_seal(str(ID), {"id": str(ID)}), keys().sealing.newest.id) == {"id": str(ID)}


def test_the_vector_that_phones_are_built_by_opens(tmp_path: Path) -> None:
    file = tmp_path / "vector.json"
    content = json.loads((tmp_path / "keys.json").read_text())
    pair = {"id": VECTOR["server_key"]["id"], "private": VECTOR["server_private_pkcs8"]}
    file.write_text(json.dumps({**content, "sealing": [pair]}))
    use_keys(KeyRing.read(file))
    assert keys().sealing.newest.id == VECTOR["server_key"]["id"]
    assert text_of(keys().sealing.newest.point) == VECTOR["server_key"]["public"]
    opened = unseal(UUID(VECTOR["id"]), VECTOR["sealed"], VECTOR["server_key"]["id"])
    assert opened == json.loads(VECTOR["plain"])


def test_every_altered_byte_is_noticed() -> None:
    blob = bytes_of(a_seal(str(ID), {"sbp": 138}))
    for place in range(len(blob)):
        altered = bytearray(blob)
        altered[place] ^= 1
        assert code(ID, text_of(bytes(altered))) == "seal_broken", place
    for length in (0, 1, 66, 93, len(blob) - 1):
        assert code(ID, text_of(blob[:length])) == "seal_broken", length


def test_a_seal_belongs_to_one_record() -> None:
    other = uuid4()
    assert code(other, a_seal(str(ID), {"id": str(ID)})) == "seal_broken"
    assert code(ID, a_seal(str(ID), {"id": str(other)})) == "seal_of_another"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff", b'{"a": ' * 9000]
)
def test_what_lies_in_the_seal_is_read_as_strictly_as_any_body(content: bytes) -> None:
    assert code(ID, a_seal(str(ID), content)) == "seal_no_json"


@pytest.mark.parametrize("data", ["?", "ä", "a" * 5, 7, None, [], "=" * 8])
def test_what_is_no_seal_is_refused(data: object) -> None:
    assert code(ID, data) in ("seal_broken", "string_type")
    assert code(ID, "A" * (SEALED_AT_MOST + 1)) == "seal_long"


def test_an_older_key_still_opens_and_the_newest_seals(tmp_path: Path) -> None:
    old, before = a_seal(str(ID), {"sbp": 138}), keys().sealing.newest
    KeyRing.create(tmp_path / "other.json")
    content, more = (json.loads((tmp_path / name).read_text()) for name in ("keys.json", "other.json"))
    (tmp_path / "both.json").write_text(
        json.dumps({**content, "sealing": content["sealing"] + more["sealing"]})
    )
    use_keys(KeyRing.read(tmp_path / "both.json"))
    assert keys().sealing.newest.id == more["sealing"][0]["id"] != before.id
    for named in (before.id, None, "unknown"):
        assert unseal(ID, old, named)["sbp"] == 138
    assert code(ID, old, keys().sealing.newest.id) == "seal_broken"


def test_a_key_file_from_before_phones_gets_a_pair_and_keeps_everything_else(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    content = json.loads(file.read_text())
    cell = keys().seal("13800000000", "staff.phone")
    del content["sealing"]
    file.write_text(json.dumps(content))
    old = KeyRing.read(file)
    assert (len(old.sealing), old.open(cell, "staff.phone")) == (0, "13800000000")
    with pytest.raises(RuntimeError, match="db upgrade"):
        _ = old.sealing.newest
    assert [KeyRing.create(file), KeyRing.create(file)] == [True, False]
    again = json.loads(file.read_text())
    assert {key: again[key] for key in content} == content
    assert len(again["sealing"]) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeyRing.read(file).open(cell, "staff.phone") == "13800000000"

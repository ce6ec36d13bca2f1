"""The phone's own script in a real browser: what WebCrypto seals and signs is opened and checked here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.county import ROOT
from tests.devices import text_of
from tracker.models import Device, sealed
from tracker.models.sealed import KeyRing, keys, use_keys
from tracker.schemas.problem import Refused
from tracker.schemas.sealed import bytes_of
from tracker.services.phone.challenge import Signed
from tracker.services.phone.seal import unseal

SCRIPTS = ROOT / "tracker" / "frontend" / "src" / "phone"
HERE = "http://localhost/"
SEAL = "async ([server, id, body]) => (await import('/seal.js')).seal(server, id, body)"
SIGN = """async ([device, nonce, path, body]) => {
  const bytes = (text) => new TextEncoder().encode(text);
  const { toHex, toText } = await import("/bytes.js");
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(kind, false, ["sign", "verify"]);
  const digest = toHex(await crypto.subtle.digest("SHA-256", bytes(body)));
  const said = bytes(`POST ${path} ${nonce} ${digest}`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, said);
  const point = toText(await crypto.subtle.exportKey("raw", pair.publicKey));
  return [point, `${device} ${nonce} ${toText(signature)}`];
}"""


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[None]:
    before = sealed._Ring.current
    KeyRing.create(tmp_path / "keys.json")
    use_keys(KeyRing.read(tmp_path / "keys.json"))
    yield
    sealed._Ring.current = before


@pytest.fixture
def scripts(chromium: Browser) -> Iterator[Page]:
    """A page that holds nothing but the phone's scripts."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(HERE)
        if name:
            route.fulfill(path=SCRIPTS / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    with chromium.new_context() as context:
        page = context.new_page()
        page.route(f"{HERE}**", answer)
        page.goto(HERE)
        yield page


def test_the_server_opens_what_a_browser_has_sealed(ring: None, scripts: Page) -> None:
    key = keys().sealing.newest
    for size in (0, 1, 150_000):
        item = uuid4()
        body = {"id": str(item), "sbp": 138, "fpg": 7.2, "note": "老人好转 😀", "image": "A" * size}
        text = scripts.evaluate(SEAL, [text_of(key.point), str(item), body])
        assert unseal(item, text, key.id) == body
        with pytest.raises(Refused):
            unseal(uuid4(), text, key.id)


def test_a_browsers_signature_is_known_again(scripts: Page) -> None:
    path, body = "/api/v1/visits", json.dumps({"visits": [{"note": "老人好转"}]}, ensure_ascii=False)
    for _ in range(20):  # halves of a signature that begin with zeros are as long as others
        point, text = scripts.evaluate(SIGN, [str(uuid4()), "nonce", path, body])
        signed, phone = Signed.read(text), Device(public_key=bytes_of(point))
        assert signed is not None
        assert signed.by(phone, "POST", path, body.encode())
        assert not signed.by(phone, "POST", path, body.encode() + b" ")

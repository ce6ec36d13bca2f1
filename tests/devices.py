"""A phone for tests: its own keys, seals for the server, and signed requests."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Api
from tracker.models import Staff
from tracker.models.seal_key import point_of
from tracker.models.sealed import keys


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def a_seal(item_id: str, body: Any, point: bytes | None = None, said: str | None = None) -> str:
    """As the phone's script makes it; `said` is what is authenticated in place of the id."""
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), keys().sealing.newest.point if point is None else point
    )
    mine = point_of(own.public_key())
    key = HKDF(SHA256(), 32, salt=mine, info=b"tracker seal 1").derive(own.exchange(ec.ECDH(), theirs))
    nonce = secrets.token_bytes(12)
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return text_of(b"\1" + mine + nonce + AESGCM(key).encrypt(nonce, content, (said or item_id).encode()))


def sealed(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record in its envelope."""
    return {"id": body["id"], "key": keys().sealing.newest.id, "sealed": a_seal(body["id"], body), **more}


class Phone:
    """A phone that its owner has registered."""

    def __init__(self, client: FlaskClient, session: Session, owner: Staff) -> None:
        self.client, self.id = client, str(uuid4())
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = text_of(point_of(self.key.public_key()))
        self.owner = Api(client, session, owner)
        answer = self.register()
        assert answer.status_code == 201, answer.text
        self.lent = answer.json

    def register(self, **changes: Any) -> TestResponse:
        given = {"id": self.id, "name": "王医生的手机", "public_key": self.point, **changes}
        return self.owner.post("/devices", given)

    def nonce(self, device_id: str | None = None) -> str:
        answer = self.client.post(f"/api/v1/devices/{device_id or self.id}/challenge")
        assert answer.status_code == 200, answer.text
        return str(answer.json["nonce"])

    def signature(self, path: str, body: bytes, nonce: str, method: str = "POST") -> str:
        said = f"{method} {path} {nonce} {hashlib.sha256(body).hexdigest()}".encode()
        r, s = decode_dss_signature(self.key.sign(said, ec.ECDSA(SHA256())))
        return text_of(r.to_bytes(32) + s.to_bytes(32))

    def file(self, author: str, *records: dict[str, Any], **changes: Any) -> bytes:
        """What the phone hands out by its own page; `changes` are what stands in place of what was signed."""
        content = json.dumps({"device": self.id, "author": author, "records": records}, ensure_ascii=False)
        said = f"tracker export 1 {hashlib.sha256(content.encode()).hexdigest()}".encode()
        r, s = decode_dss_signature(self.key.sign(said, ec.ECDSA(SHA256())))
        signature = text_of(r.to_bytes(32) + s.to_bytes(32))
        return json.dumps({"content": content, "signature": signature, **changes}).encode()

    def send(self, to: str, body: Any, *, method: str = "POST", **changes: Any) -> TestResponse:
        """A signed request; `changes` are what arrives in place of what was signed."""
        path, data = f"/api/v1{to}", json.dumps(body).encode()
        nonce = changes.get("nonce") or self.nonce()
        signature = changes.get("signature") or self.signature(path, data, nonce, method)
        headers = {"Authorization": f"Device {changes.get('id', self.id)} {nonce} {signature}"}
        headers |= changes.get("headers", {})
        return self.client.open(
            changes.get("path", path), method=method, data=changes.get("data", data), headers=headers,
            content_type="application/json",
        )  # fmt: skip

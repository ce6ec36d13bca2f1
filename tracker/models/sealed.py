"""Personal fields at rest: AES-256-GCM with key rotation, and keyed blind indexes to find them again."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
import unicodedata
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from tracker.models import seal_key
from tracker.models.seal_key import SealKeys

NONCE = 12


class KeyRing:
    """All data keys by version (the newest writes, all read) and the pepper of the blind indexes.

    `sealing` are the pairs to which phones seal; a file that is older than phones has none.
    """

    def __init__(self, keys: dict[int, bytes], pepper: bytes, sealing: SealKeys | None = None) -> None:
        self.sealing = sealing or SealKeys()
        self._ciphers = {version: AESGCM(key) for version, key in keys.items()}
        self._newest = max(keys)
        self._pepper = pepper

    @classmethod
    def create(cls, path: Path) -> bool:
        """Write a fresh key file, readable by its owner alone; an existing one gets what it does not have.

        True when the file is another one now, and wants to be copied again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "keys": {"1": b64encode(secrets.token_bytes(32)).decode()},
            "pepper": b64encode(secrets.token_bytes(32)).decode(),
            "sealing": [seal_key.made()],
        }
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _complete(path)
        with os.fdopen(handle, "w") as out:
            json.dump(content, out)
        return True

    @classmethod
    def read(cls, path: Path) -> KeyRing:
        content = json.loads(path.read_text())
        keys = {int(version): b64decode(key) for version, key in content["keys"].items()}
        return cls(keys, b64decode(content["pepper"]), SealKeys.read(content.get("sealing", [])))

    def seal(self, text: str, label: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        body = self._ciphers[self._newest].encrypt(nonce, text.encode(), label.encode())
        return bytes([self._newest]) + nonce + body

    def open(self, blob: bytes, label: str) -> str:
        cipher = self._ciphers[blob[0]]
        return cipher.decrypt(blob[1 : NONCE + 1], blob[NONCE + 1 :], label.encode()).decode()

    def index(self, label: str, text: str) -> bytes:
        """Sixteen bytes that are the same for the same text and say nothing without the pepper."""
        normal = unicodedata.normalize("NFKC", text).upper()
        return hmac.digest(self._pepper, f"{label}\0{normal}".encode(), "sha256")[:16]


def _complete(path: Path) -> bool:
    """Add a pair to seal to where the file is older than phones; every other byte stays what it means."""
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # of two that upgrade at once one makes it
        content = json.loads(path.read_text())
        if content.get("sealing"):
            return False
        _replace(path, {**content, "sealing": [seal_key.made()]})
    return True


def _replace(path: Path, content: dict[str, Any]) -> None:
    """The old file stands until the new one lies whole on the disk."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, path.stat().st_mode & 0o700)
    try:
        with os.fdopen(handle, "w") as out:
            json.dump(content, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


class _Ring:
    current: KeyRing | None = None


def use_keys(ring: KeyRing) -> None:
    """Set the key ring of this process; called once by the application factory."""
    _Ring.current = ring


def keys() -> KeyRing:
    if _Ring.current is None:
        raise RuntimeError("no data keys: set TRACKER_DATA_KEY_FILE and run `tracker db upgrade`")
    return _Ring.current


def blind_index(label: str, text: str) -> bytes:
    return keys().index(label, text)


class Sealed(TypeDecorator[str]):
    """Text that is encrypted in the database; `label` is table.column, so that cells cannot be swapped."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else keys().seal(value, self.label)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else keys().open(value, self.label)

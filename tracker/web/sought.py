"""Browsers write addresses down: what was typed to find somebody stands in them sealed."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from tracker.models.sealed import keys

SEALED = "said"
LONGEST = 200


def typed() -> MultiDict[str, str]:
    """What the address asks for, with `q` as it was typed."""
    asked = request.args.copy()
    if SEALED in asked:
        asked["q"] = _opened(asked.pop(SEALED))
    return asked


def address(endpoint: str, asked: Mapping[str, str], **more: int) -> str:
    """Where the server's page answers this, on a phone that has one of its own, too."""
    kept = {name: said for name, said in asked.items() if said and name not in ("q", "csrf_token")}
    if asked.get("q"):
        kept[SEALED] = _sealed(asked["q"][:LONGEST])
    return url_for(endpoint, **{"server": "", **kept, **more})  # type: ignore[arg-type]


def _sealed(said: str) -> str:
    return urlsafe_b64encode(keys().seal(said, _label())).decode().rstrip("=")


def _opened(sealed: str) -> str:
    """Nothing where the text is damaged, or was typed by somebody else."""
    try:
        return keys().open(urlsafe_b64decode(f"{sealed}=="), _label())
    except (ValueError, LookupError, InvalidTag):
        return ""


def _label() -> str:
    return f"address.{g.staff.id}"

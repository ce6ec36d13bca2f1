"""The guard: who asks, what they may do, and whether the request may write. Nothing is open by default.

Every endpoint says `@public` or `@roles(...)`; the application does not start with one that says neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock, database, sessions, signed
from tracker.domain.roles import Role
from tracker.extensions import csrf, db
from tracker.models import Base, Staff
from tracker.services.account import token
from tracker.services.audit import Actor
from tracker.services.workforce import scope as scopes
from tracker.services.workforce.scope import Scope

View = TypeVar("View", bound=Callable[..., object])
Row = TypeVar("Row", bound=Base)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SCOPE_HOLDS = 5.0
"""Seconds that a scope may be reused; a new stamp or day is a new scope at once."""
EVERYONE = tuple(Role)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint; nobody named means everybody, signed in or not."""

    roles: frozenset[Role] = frozenset()
    write: bool = True
    scope: bool = True
    upload: bool = False
    csrf: bool = True


def public(view: View) -> View:
    """Open to the anonymous; such a view begins its own writing transactions."""
    view.access = Access(write=False)  # type: ignore[attr-defined]
    return view


def public_call(view: View) -> View:
    """The same for a call that looks at no cookie, so that there is nothing to forge."""
    view.access = Access(write=False, csrf=False)  # type: ignore[attr-defined]
    return view


def roles(
    *allowed: Role, write: bool = True, scope: bool = True, upload: bool = False
) -> Callable[[View], View]:
    """Open to these roles. Unsafe methods begin a writing transaction first unless `write` is False.

    A view that asks for each record who answers for it needs no `scope`, which takes a statement. An `upload`
    also takes what a phone has signed, whose owner may have another role by now, and says itself who may.
    """

    def mark(view: View) -> View:
        view.access = Access(frozenset(allowed), write, scope, upload)  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What an endpoint has said of itself; files under static are public."""
    if endpoint == "static":
        return Access(write=False)
    return cast("Access | None", getattr(app.view_functions[endpoint], "access", None))


def bind(app: Flask) -> None:
    app.before_request(_guard)


def check(app: Flask) -> None:
    """Refuse to start with an endpoint that has not said who may call it."""
    silent = [name for name in app.view_functions if access_of(app, name) is None]
    if silent:
        raise RuntimeError(f"endpoints without @roles or @public: {', '.join(sorted(silent))}")


def my(model: type[Row], key: UUID) -> Row:
    """The personal row with this id; a foreign one answers 404 like an absent one."""
    return scopes.find(db.session(), g.scope, model, key)


def in_api() -> bool:
    return request.path.startswith("/api/")


def in_place() -> bool:
    """Whether a form was sent by its page, which stays where it is until the answer is there."""
    return request.headers.get("X-Form") == "page"


def _guard() -> AnyResponse | None:
    by_token = _identify()
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)  # no name holds one and PostgreSQL stores none
    if request.endpoint is None:
        return None  # routing answers with its own 404 or 405
    access = access_of(current_app, request.endpoint)
    if access is None:
        abort(404)
    refused = _refusal(access)
    if refused is not None:
        return refused
    if request.method not in SAFE:
        _receive(by_token, access)
        if access.write:
            database.begin_write(db.session())
    return None


def _identify() -> bool:
    """Fill `g`; True when a bearer token named the caller."""
    g.staff, g.scope, g.phone, by_token = None, None, None, False
    g.actor = Actor(address=sessions.client().address, device=sessions.client().agent[:64])
    header = request.headers.get("Authorization", "")
    if header and in_api():
        by_token = True
        if signed.signs(header):
            _identify_phone(header)
        else:
            g.staff = _bearer(header)
    else:
        g.staff = sessions.current().staff
    g.locale = request.cookies.get("locale") or (g.staff.locale if g.staff else None)
    if g.staff is not None:
        g.scope = _scope(g.staff, clock.today()) if _needs_scope() else None
        device = g.actor.device if g.phone is None else f"phone {g.phone.id}"
        g.actor = Actor(g.staff.id, g.staff.role, g.actor.address, device)
    return by_token


def _identify_phone(header: str) -> None:
    """A phone only sends: who asks for anything to read has not said who they are."""
    if request.method not in SAFE:
        g.phone = signed.phone(header, g.actor)
        g.staff = None if g.phone is None else g.phone.owner


def _needs_scope() -> bool:
    access = access_of(current_app, request.endpoint) if request.endpoint else None
    return g.phone is None and (access is None or access.scope)


def _bearer(header: str) -> Staff | None:
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return None
    with database.glance(db.engine) as reading:
        return token.find(reading, secret.strip())


_scopes: dict[tuple[UUID, int, date], tuple[float, Scope]] = {}


def _scope(staff: Staff, on: date) -> Scope:
    key, now = (staff.id, staff.security_stamp, on), time.monotonic()
    kept = _scopes.get(key)
    if kept is not None and now - kept[0] < SCOPE_HOLDS and not current_app.testing:
        return _with_outlying(kept[1])
    with database.reader(db.engine) as reading:
        found = scopes.scope_of(reading, staff, on)
    if len(_scopes) > 2000:
        _scopes.clear()
    _scopes[key] = (now, found)
    return found


def _with_outlying(kept: Scope) -> Scope:
    """A contract that has just been signed shows its person at once."""
    if not kept.teams:
        return kept
    with database.glance(db.engine) as reading:
        return scopes.with_outlying(reading, kept)


def _refusal(access: Access) -> AnyResponse | None:
    if not access.roles:
        return None
    if g.staff is None:
        return _ask_to_sign_in()
    if g.phone is not None:
        return None if access.upload else abort(403)
    if g.staff.role not in access.roles:
        record = any(isinstance(value, UUID) for value in (request.view_args or {}).values())
        abort(404 if record else 403)
    return None


def _ask_to_sign_in() -> AnyResponse:
    if in_api() or (in_place() and request.endpoint != "account.logout"):
        raise Unauthorized
    wanted = request.full_path.rstrip("?") if request.method in SAFE else None
    return redirect(url_for("account.login", next=wanted if wanted != "/" else None))


def _receive(by_token: bool, access: Access) -> None:
    """Read the whole body before any lock is held, and see that a browser's request is its own."""
    if not by_token:
        _refuse_foreign_origin()
        if access.csrf:
            csrf.protect()
    if not request.form and not request.files:
        sent, most = request.get_data(), request.max_content_length
        if request.content_length is None and most is not None and len(sent) >= most:
            abort(413)  # what comes in chunks is cut off at the limit without a word


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    own = {request.host, urlsplit(current_app.config["SETTINGS"].base_url).netloc}
    if origin and urlsplit(origin).netloc not in own:
        abort(400)

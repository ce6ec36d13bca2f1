"""What a phone keeps to work without a network: the shells, the worker, the manifest.

A shell is a page of the application without a person, a member of staff and a token in it; scripts fill
it from what lies on the phone. It is public, for there is nothing in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from tracker.access import public, roles
from tracker.domain.roles import PHONE, Role
from tracker.i18n import LOCALES
from tracker.i18n import gettext as _
from tracker.web import phone_form, shell, visit_page
from tracker.web.language import A_YEAR

pages = Blueprint("phone", __name__)
SHELLS = (
    "phone", "offline", "today", "residents", "person", "card", "visit", "attempt", "resident", "contract",
)  # fmt: skip
"""Templates of `phone/`, each shown at the address that the worker knows it by."""
FILLED: dict[str, Callable[[], dict[str, Any]]] = {
    "phone": phone_form.of_list,
    "today": phone_form.of_list,
    "residents": phone_form.of_search,
    "person": phone_form.of_person,
    "card": phone_form.of_card,
    "visit": visit_page.of_nobody,
    "attempt": phone_form.of_attempt,
    "resident": phone_form.of_resident,
    "contract": phone_form.of_contract,
}
"""What a shell needs beside its words."""
ACTIVE = {"today": "worklist.show", "phone": "me.show"}
"""The place of the menu that a shell belongs to; the others belong to the residents."""
INDENT = re.compile(r"\n\s+")
LATER = "later"
"""The cookie of who has put setting up off; the day's page looks for it."""
SCRIPTS = ("app.css", "app.js", "phone.js", "visit.js", "contract.js", "scan.js")


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who holds the phone, as far as a shell knows."""

    role: Role
    name: str = ""
    username: str = ""


@pages.get("/phone")
@roles(*PHONE, scope=False)
def show() -> ResponseReturnValue:
    return render_template("phone/phone.html", **phone_form.of_list())


@pages.post("/phone/later")
@roles(*PHONE, write=False, scope=False)
def put_off() -> ResponseReturnValue:
    """The day's page offers no more to set this phone up."""
    answer = redirect(url_for("worklist.show"))
    answer.set_cookie(LATER, "yes", max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer


@pages.get("/shell/<locale>/<role>/<name>")
@public
def page(locale: str, role: str, name: str) -> ResponseReturnValue:
    if locale not in LOCALES or role not in PHONE or name not in SHELLS:
        abort(404)
    g.locale = locale
    nav = shell.places(Role(role), ACTIVE.get(name, "residents.show"))
    html = render_template(
        f"phone/{name}.html", shell=name, locale=locale, current_staff=Somebody(Role(role)),
        on_phone=True, nav=[place for _name, place in nav], tabs=shell.tabs(dict(nav), Role(role)),
        **FILLED.get(name, dict)(),
    )  # fmt: skip
    return _of_nobody(INDENT.sub("\n", html), "text/html")


@pages.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The worker for one role and language: what it keeps, and after that its script."""
    locale, role = request.args.get("locale", ""), request.args.get("role", "")
    if locale not in LOCALES or role not in PHONE:
        abort(404)
    kept = [{"url": shell.asset(name), "revision": None} for name in (*SCRIPTS, *shell.parts())]
    for name in SHELLS:
        url = url_for(".page", locale=locale, role=role, name=name)
        kept.append({"url": url, "revision": _revision()})
    settings = json.dumps({"shells": url_for(".page", locale=locale, role=role, name=""), "kept": kept})
    script = Path(current_app.static_folder or "") / "dist" / shell.built("sw.js")
    answer = _of_nobody(f"self.TRACKER={settings};\n{script.read_text()}", "text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _of_nobody(text: str, mimetype: str) -> Response:
    """A page that is the same for everybody: worth more work at its compression, which is kept."""
    if not request.accept_encodings["br"]:
        return Response(text, mimetype=mimetype)  # compressed like any other page
    answer = Response(_smallest(text), mimetype=mimetype)
    answer.content_encoding = "br"
    answer.vary.add("Accept-Encoding")
    return answer


@lru_cache(maxsize=64)
def _smallest(text: str) -> bytes:
    small: bytes = brotli.compress(text.encode())
    return small


@pages.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    answer = jsonify(
        id="/", name=_("家医随访"), short_name=_("家医随访"), lang=str(g.get("locale") or "zh-Hans-CN"),
        start_url="/?from=icon", scope="/", display="standalone", orientation="portrait",
        background_color="#f5f7f9", theme_color="#0b6e54", icons=_icons(),
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    return answer


def _icons() -> list[dict[str, str]]:
    found = [(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")]
    return [
        {
            "src": url_for("static", filename=f"icons/{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in found
    ]


@cache
def _revision() -> str:
    """Changes with every template, word and built file: with them a shell may look different."""
    digest = hashlib.sha256()
    package, templates = Path(current_app.root_path), Path(current_app.template_folder or "")
    files = [*templates.rglob("*.html"), *(package / "translations").rglob("*.mo")]
    for path in sorted([*files, Path(current_app.static_folder or "") / "dist" / "manifest.json"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

"""What every page's frame needs: who is signed in, the places of the role, the language, built files."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale

from tracker.access import access_of
from tracker.domain.roles import PHONE, Role
from tracker.i18n import lazy_gettext as _l
from tracker.web import chart
from tracker.web.table import cells
from tracker.words.labels import ROLES

HOMES = {
    Role.VILLAGE_DOCTOR: "worklist.show",
    Role.TEAM_LEAD: "overdue.show",
    Role.TOWNSHIP_ADMIN: "overdue.show",
    Role.COMMISSION: "dashboard.show",
    Role.AUDITOR: "dashboard.show",
    Role.COUNTY_DOCTOR: "referrals.show",
    Role.SYSADMIN: "staff.show",
}
PLACES = (
    ("worklist.show", _l("今日"), "today"),
    ("overdue.show", _l("逾期"), "overdue"),
    ("residents.show", _l("居民"), "residents"),
    ("contracts.show", _l("签约"), "contract"),
    ("cards.show", _l("卡片"), "card"),
    ("dashboard.show", _l("看板"), "dashboard"),
    ("alerts.show", _l("消息"), "messages"),
    ("approvals.show", _l("审批"), "check"),
    ("uploads.show", _l("手机来件"), "phone"),
    ("referrals.show", _l("转诊"), "referral"),
    ("targets.show", _l("年度目标"), "target"),
    ("imports.show", _l("导入"), "import"),
    ("staff.show", _l("人员"), "me"),
    ("team.show", _l("团队"), "team"),
    ("institution.show", _l("机构"), "home"),
    ("packages.show", _l("服务包"), "package"),
    ("jobs.show", _l("定时任务"), "job"),
    ("audit.show", _l("审计"), "audit"),
    ("me.show", _l("我"), "me"),
)
"""Every place there is, in the order of the menu; a role sees those that it may open."""
PART = re.compile(r".+-[A-Z0-9]{8}\.js")
TABS = ("residents.show", "alerts.show", "me.show")
"""At the bottom of the phone, after the page that the role's day begins with."""


class Place(NamedTuple):
    url: str
    label: str
    icon: str
    active: bool


def bind(app: Flask) -> None:
    app.context_processor(_frame)
    draw(app)
    app.jinja_env.globals.update(asset=asset, asset_if_built=asset_if_built)


def draw(app: Flask) -> None:
    """What the macros of tables and charts call."""
    app.jinja_env.filters["cells"] = cells
    chart.bind(app)


def _frame() -> dict[str, Any]:
    staff = g.get("staff")
    nav = [] if staff is None else places(staff.role)
    return {
        "current_staff": staff,
        "on_phone": staff is not None and staff.role in PHONE,
        "nav": [place for _name, place in nav],
        "tabs": [] if staff is None else tabs(dict(nav), staff.role),
        "locale": str(get_locale()),
        "role_word": ROLES.__getitem__,
    }


def places(role: Role, active: str | None = None) -> list[tuple[str, Place]]:
    """The places of a role that exist in this application; the `active` one is that of this page."""
    here = active or f"{request.blueprint}.show"
    return [
        (name, Place(url_for(name), str(label), icon, name == here))
        for name, label, icon in PLACES
        if _opens(name, role)
    ]


def tabs(nav: dict[str, Place], role: Role) -> list[Place]:
    """What stands at the bottom of the phone; nothing where there is but one place."""
    found = [nav[name] for name in (home_of(role), *TABS) if name in nav]
    return found if len(found) > 1 else []


def home_of(role: Role) -> str:
    """The endpoint that a role begins its day at."""
    home = HOMES[role]
    return home if _opens(home, role) else "me.show"


def _opens(endpoint: str, role: Role) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    access = access_of(current_app, endpoint)
    return access is not None and role in access.roles


def asset_if_built(name: str) -> str | None:
    """The same for a page that has to appear even where nothing was built."""
    try:
        return asset(name)
    except RuntimeError:
        return None


def asset(name: str) -> str:
    """The address of a built file; RuntimeError says what to run when nothing was built."""
    return url_for("static", filename=f"dist/{built(name)}")


def built(name: str) -> str:
    """The file name that was built of a source, in `static/dist`."""
    manifest = Path(current_app.static_folder or "") / "dist" / "manifest.json"
    try:
        return _manifest(manifest, manifest.stat().st_mtime_ns)[name]
    except (OSError, ValueError, KeyError) as missing:
        raise RuntimeError(f"{name} is not built: run `make setup`") from missing


def parts() -> list[str]:
    """The built files that scripts share or fetch when they are needed."""
    manifest = Path(current_app.static_folder or "") / "dist" / "manifest.json"
    return [name for name in _manifest(manifest, manifest.stat().st_mtime_ns) if PART.match(name)]


@cache
def _manifest(path: Path, _changed: int) -> dict[str, str]:
    return dict(json.loads(path.read_text()))

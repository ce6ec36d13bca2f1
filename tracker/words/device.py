"""The name of a device from what its browser says of itself (RFC 9110, User-Agent)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.i18n import gettext as _
from tracker.i18n import lazy_gettext as _l

BROWSERS: Mapping[str, Any] = {
    "MicroMessenger": _l("微信"),
    "Edg": "Edge",
    "Firefox": "Firefox",
    "HuaweiBrowser": _l("华为浏览器"),
    "MiuiBrowser": _l("小米浏览器"),
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""The mark of each; the first that is found counts, as most also carry the marks of those below."""
SYSTEMS: Mapping[str, Any] = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "OpenHarmony": _l("鸿蒙"),
    "Android": _l("安卓"),
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def device_word(agent: str) -> str:
    """Browser and system: Chrome · 安卓; what is not known of them is left out."""
    found = [_first(marks, agent) for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word) or _("未知设备")


def _first(marks: Mapping[str, Any], agent: str) -> str:
    return next((str(word) for mark, word in marks.items() if mark in agent), "")

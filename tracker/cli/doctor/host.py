"""What can be looked at without the database: settings, the key file, the disk, who sets the clock."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import config
from tracker.cli.doctor.disk import enough
from tracker.cli.doctor.finding import Finding, advice, fine, mend
from tracker.cli.words import _
from tracker.models.sealed import KeyRing

COUNTY_ZONE = "Asia/Shanghai"
HERE = ("127.0.0.1", "localhost", "::1")
PATIENCE = 10.0
"""Seconds to wait for the program that knows about the clock."""
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


def look(settings: config.Settings) -> Iterator[Finding]:
    yield _secret(settings)
    yield _address(settings)
    yield _zone(settings)
    yield _keys(settings.data_key_file)
    yield enough(settings.instance)
    yield _ntp()


def _secret(settings: config.Settings) -> Finding:
    try:
        config.refuse_weak_secret(settings)
    except ValueError as weak:
        if (settings.instance / "secret").exists():
            return fine("secret", _("试用的密钥在 %(file)s", file=settings.instance / "secret"))
        return mend("secret", _("没有密钥，或太弱，网站不会启动"), str(weak))
    return fine("secret", _("密钥够强"))


def _address(settings: config.Settings) -> Finding:
    name = urlsplit(settings.base_url).hostname or ""
    if settings.secure or name in HERE:
        return fine("address", _("网址 %(url)s", url=settings.base_url))
    words = _("网址 %(url)s 不加密：密码和病历在路上看得见", url=settings.base_url)
    return mend("address", words, _("前面放 nginx 之类做 https，把 TRACKER_BASE_URL 设成 https://…"))


def _zone(settings: config.Settings) -> Finding:
    remedy = _("把 TRACKER_TIMEZONE 设成 %(zone)s，或不设", zone=COUNTY_ZONE)
    try:
        ZoneInfo(settings.timezone)
    except (LookupError, ValueError, OSError):
        return mend("zone", _("没有叫 %(zone)s 的时区", zone=settings.timezone), remedy)
    words = _("“今天”按 %(zone)s 的时间", zone=settings.timezone)
    return fine("zone", words) if settings.timezone == COUNTY_ZONE else advice("zone", words, remedy)


def _keys(path: Path) -> Finding:
    if not path.exists():
        lost = _("从另存的地方拷回来；新装的县运行 tracker db upgrade 生成")
        return mend("keys", _("没有密钥文件 %(file)s", file=path), lost)
    try:
        KeyRing.read(path)
    except (OSError, ValueError, KeyError, TypeError) as failed:
        words = _("密钥文件 %(file)s 读不出（%(reason)s）", file=path, reason=type(failed).__name__)
        return mend("keys", words, _("用运行程序的用户读得到的、另存的那一份换掉"))
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        words = _("密钥文件 %(file)s 别的用户也能读（%(mode)s）", file=path, mode=f"{mode:04o}")
        return mend("keys", words, f"chmod 600 {path}")
    return fine("keys", _("密钥文件 %(file)s 只有本用户能读；请另存一份", file=path))


def _ntp() -> Finding:
    """By systemd's own mark or its program; other services are not known."""
    if SYNCHRONISED.exists():
        return fine("ntp", _("系统时钟自动校时"))
    remedy = _("安装并打开校时服务（systemd-timesyncd 或 chrony）")
    if (program := shutil.which("timedatectl")) is None:
        return advice("ntp", _("看不出系统时钟是否自动校时"), remedy)
    told = _told(program)
    if told == "yes":
        return fine("ntp", _("系统时钟自动校时"))
    if told == "no":
        return advice("ntp", _("系统时钟没有校准：逾期和时限会算错"), remedy)
    return advice("ntp", _("看不出系统时钟是否自动校时"), remedy)


def _told(program: str) -> str:
    """Nothing where systemd does not answer, as in many containers."""
    asked = [program, "show", "--property=NTPSynchronized", "--value"]
    wanted: dict[str, Any] = {"capture_output": True, "text": True, "timeout": PATIENCE, "check": False}
    try:
        return str(subprocess.run(asked, **wanted).stdout).strip()  # noqa: S603
    except (subprocess.TimeoutExpired, OSError):
        return ""

"""Forty guesses at once, against a real server of several processes: five are checked, the others wait."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import SECRET
from tests.factories import a_member_of_staff
from tests.postgres import free_port
from tracker.models import LoginAttempt, WebSession
from tracker.services.account import password

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """A server on the database of this test."""
    settings, port = app.config["SETTINGS"], free_port()
    environment = {
        **os.environ,
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": SECRET,
        "TRACKER_DATA_KEY_FILE": str(settings.data_key_file),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tracker", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as server:
        try:
            yield wait(f"http://127.0.0.1:{port}", server)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


def wait(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except OSError:
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("the server did not come up")


def browser(address: str) -> tuple[urllib.request.OpenerDirector, str]:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{address}/login", timeout=60).read().decode()
    token = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    return opener, token[1]


def guess(address: str, typed: str) -> int:
    opener, token = browser(address)
    data = urllib.parse.urlencode({"csrf_token": token, "username": "wang", "password": typed}).encode()
    try:
        with opener.open(f"{address}/login", data, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return int(refused.code)


def test_forty_parallel_guesses_get_five_checks(address: str, session: Session) -> None:
    doctor = a_member_of_staff(session, username="wang")
    doctor.password_hash = password.make("Corr3ct-horse-battery!")
    session.commit()
    with ThreadPoolExecutor(40) as crowd:
        statuses = Counter(crowd.map(lambda n: guess(address, f"wrong-{n}"), range(40)))
    assert statuses == {422: 5, 429: 35}
    assert guess(address, "Corr3ct-horse-battery!") == 429
    session.rollback()
    assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 5
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0

"""What a browser says of itself, as people call it."""

from __future__ import annotations

import pytest
from flask import Flask

from tracker.words.device import device_word

PHONE = "Mozilla/5.0 (Linux; Android 12; HLK-AL00) AppleWebKit/537.36 Version/4.0 Chrome/116"


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        (PHONE, "Chrome · 安卓"),
        (f"{PHONE} MicroMessenger/8.0.49", "微信 · 安卓"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("curl/8.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_named_by_its_browser_and_system(app: Flask, agent: str, word: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        assert device_word(agent) == word

"""Chromium of the system, at the size of a phone or of a desk, in either language."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.modules import bundled

CHROMIUM = "/usr/bin/chromium"
SHELL = "/usr/bin/chromium-headless-shell"
"""The same engine without windows, an eighth of the work for the processor: what most tests open."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (360, 780), "desk": (1440, 900)}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """While it is there, nothing else in this process may have an event loop of its own."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(driver: Playwright) -> Iterator[Browser]:
    with contextlib.ExitStack() as stack:
        try:
            program = SHELL if Path(SHELL).exists() else CHROMIUM
            browser = driver.chromium.launch(executable_path=program, args=FLAGS)
            stack.callback(browser.close)
        except Exception as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no browser here, its tests are left out: {str(missing).splitlines()[0]}")
        yield browser


@pytest.fixture(params=[(s, lang) for s in SIZES for lang in LANGUAGES], ids=lambda p: "-".join(p))
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page of each size and language; a script error on it fails the test."""
    size, language = request.param
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        has_touch=size == "phone",
    )
    context.set_default_timeout(15_000)
    errors: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone in the county, with storage of its own."""
    with chromium.new_context(
        viewport={"width": 360, "height": 780}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    ) as context:
        context.set_default_timeout(15_000)
        yield context


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("parts"))

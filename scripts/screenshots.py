"""Draws the pictures of the documentation: a made-up county, a server of its own, each role at its size.

`make screenshots`, or a few of them by name: `python -m scripts.screenshots today overdue`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import picture_phone
from scripts.picture_county import prepare, report, scheduling, sign_ins
from scripts.picture_file import shrink
from scripts.picture_scenes import SHOTS, Shot
from tests.browser.conftest import CHROMIUM, FLAGS, LANGUAGES, SIZES
from tests.county import ROOT, County

PICTURES = ROOT / "docs" / "pictures"
BIGGEST = 120_000
EMPTY = {"zh": ["年", "月", "日"], "en": ["dd", "mm", "yyyy"]}
DATES = """(empty) => document.querySelectorAll("input[type^=date]").forEach(box => {
    const [day, time] = box.value.split("T");
    const parts = day.split("-");
    box.type = "text";
    box.value = [...(day ? (empty[0] === "dd" ? parts.reverse() : parts) : empty)].join("/");
    if (time) box.value += " " + time;
})"""
"""Date boxes as a browser of that language draws them; the one here may know only American English."""


def main() -> int:
    wanted = set(sys.argv[1:])
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    with tempfile.TemporaryDirectory(prefix="tracker-pictures-") as folder:
        county = County(Path(folder))
        prepare(county)
        with county.serving(), scheduling(county), sync_playwright() as playwright:
            report(county)
            passwords = sign_ins(county.folder / "demo-signins.txt")
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for language in LANGUAGES:
                draw(browser, county, passwords, language, shots)
            browser.close()
    return too_big()


def draw(
    browser: Browser, county: County, passwords: dict[str, str], language: str, shots: list[Shot]
) -> None:
    """All pictures of one language; a session is kept from picture to picture of the same person."""
    pages: dict[tuple[str, str, bool], Page] = {}
    folder = PICTURES / language
    folder.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        if language == "en" and not shot.english:
            continue
        seat = (shot.username, shot.size, shot.kept)
        if seat not in pages:
            pages[seat] = open_page(browser, shot.size, language)
            if shot.username:
                sign_in(pages[seat], county.url, shot.username, passwords[shot.username])
            if shot.kept:
                picture_phone.set_up(pages[seat], county.url)
        if shot.first:
            shot.first(pages[seat], county)
        shot.go(pages[seat], county.url)
        pages[seat].wait_for_load_state("networkidle")
        pages[seat].evaluate(DATES, EMPTY[language])
        picture = folder / f"{shot.name}.png"
        pages[seat].screenshot(path=picture, animations="disabled", caret="hide")
        shrink(picture)
        print(language, shot.name)
    for page in pages.values():
        page.context.close()


def open_page(browser: Browser, size: str, language: str) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        has_touch=size == "phone",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def sign_in(page: Page, url: str, username: str, password: str) -> None:
    page.goto(url + "/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda where: "/login" not in where)


def too_big() -> int:
    """Tell of pictures that are too heavy for a page of help."""
    heavy = [path for path in PICTURES.rglob("*.png") if path.stat().st_size > BIGGEST]
    for path in heavy:
        print(f"{path}: {path.stat().st_size // 1000} kB, more than {BIGGEST // 1000}", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())

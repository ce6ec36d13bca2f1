"""`python scripts/icons.py`: draws the application's icons for home screens from tracker/static/icon.svg.

`any` has the round corners of the drawing; `maskable` fills the square, the drawing inside the safe zone.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "tracker" / "static"
CHROMIUM = "/usr/bin/chromium"
SIZES = (192, 512)
GROUND = "#0b6e54"
SAFE = 0.8
"""Of the width: what every shape of mask leaves (W3C, maskable icons)."""


def draw(page: Page, drawing: str, size: int, *, maskable: bool) -> bytes:
    inside = round(size * SAFE) if maskable else size
    ground = GROUND if maskable else "transparent"
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<style>*{{margin:0}}body{{width:{size}px;height:{size}px;display:grid;place-items:center;"
        f"background:{ground}}}svg{{width:{inside}px;height:{inside}px}}</style>{drawing}"
    )
    return page.screenshot(omit_background=True)


def main() -> None:
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8")
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for size in SIZES:
            for purpose in ("any", "maskable"):
                file = STATIC / "icons" / f"{purpose}-{size}.png"
                file.write_bytes(draw(page, drawing, size, maskable=purpose == "maskable"))
                print(file.name, file.stat().st_size)
        browser.close()


if __name__ == "__main__":
    main()

"""What every test does with a page: sign in, look, send the form."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.county import PASSWORD, County

VIOLATIONS = f"""{Axe().axe_script}
axe.run({{ resultTypes: ["violations"] }})
  .then(({{ violations }}) => violations.map((one) => [one.id, one.nodes[0].html]))
"""
"""What axe objects to, by rule, with the first place of each; all else that it finds is slow to hand over."""


def look(page: Page) -> None:
    """What every page must keep: no sideways scroll, nothing that axe objects to."""
    page.wait_for_function("() => document.readyState === 'complete'")
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate(VIOLATIONS) == [], page.url


def until(page: Page, question: str) -> None:
    """Wait for what the page answers later; `wait_for_function` takes a promise for a yes."""
    for _ in range(150):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def sign_in(page: Page, county: County, username: str) -> None:
    page.context.clear_cookies(name="session")
    page.goto(county.url + "/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def submit(page: Page, within: str = "main form") -> None:
    """Send the form, and wait for its answer or for the question that stands before it."""
    page.evaluate("() => { document.getElementById('main').dataset.left = ''; }")
    page.locator(f"{within} [type=submit]:visible").last.click()
    page.wait_for_function(
        "() => document.querySelector('dialog[open]')"
        " || (document.readyState === 'complete' && !document.querySelector('#main[data-left]'))"
    )

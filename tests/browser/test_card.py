"""Finding a person by a card in a real browser: printed, typed, and read by the camera.

Chromium on Linux reads no codes by itself, so that the button for the camera is absent there; the camera's
test gives the page a stand-in for the browser's reader, which reads its real pictures with zxing-cpp.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.pages import look, sign_in, submit
from tests.county import VILLAGE, County
from tests.factories import an_id_number
from tracker.domain.card import ALPHABET, shown, tidy

TOWN = VILLAGE[:9]
READER = """
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect(video) {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const drawing = canvas.getContext("2d");
      drawing.drawImage(video, 0, 0);
      const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height).data;
      let grey = "";
      for (let at = 0; at < pixels.length; at += 4) grey += String.fromCharCode(pixels[at + 1]);
      const read = await window.readPicture(btoa(grey), canvas.width, canvas.height);
      return read.map((rawValue) => ({ rawValue }));
    }
  };
  const track = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.wanted = wanted;
    window.stream = await track(wanted);
    return window.stream;
  };
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = County(tmp_path_factory.mktemp("cards")).village()
    with county.serving():
        yield county


@pytest.fixture(scope="module")
def person(county: County) -> str:
    """The address of somebody's record."""
    birth = date(1950, 4, 2)
    body = {
        "name": "张秀英", "id_number": an_id_number(birth, 3), "region_code": VILLAGE, "sex": "male",
        "birth_date": birth.isoformat(),
    }  # fmt: skip
    status, made = county.call("POST", "/api/v1/residents", county.token("doctor"), body)
    assert status == 201, made
    return f"{county.url}/residents/{made['id']}"


def the_code(page: Page, county: County, person: str) -> str:
    """The code of the person's card, printed if there is none yet."""
    page.goto(person + "/card")
    look(page)
    if not page.locator(".card-code").count():
        with page.expect_download() as download:
            page.locator("form[action='/cards/print'] [type=submit]").click()
        sheet = pypdfium2.PdfDocument(download.value.path())
        assert len(sheet) == 1
        page.goto(person + "/card")
    return tidy(page.locator(".card-code").inner_text())


def test_a_card_is_printed_found_by_its_code_and_replaced(page: Page, county: County, person: str) -> None:
    sign_in(page, county, "doctor")
    page.goto(county.url + "/cards?whom=everybody&again=all")
    look(page)
    with page.expect_download() as download:
        page.locator("form[action='/cards/print'] [type=submit]").click()
    assert download.value.suggested_filename.endswith("-1.pdf")
    page.goto(county.url + "/cards?whom=chosen")
    look(page)
    expect(page.locator("[name=resident]")).to_have_count(1)
    code = the_code(page, county, person)
    page.goto(county.url + "/residents")
    look(page)
    expect(page.locator("[data-scan]")).to_be_hidden()
    page.locator("a[href='/c']").click()
    look(page)
    field = page.locator("[name=code]")
    assert field.get_attribute("inputmode") == "text"
    other = ALPHABET[ALPHABET.index(code[-1]) - 1]
    field.fill(shown(code[:-1] + other).lower())
    submit(page)
    look(page)
    expect(page.locator("#code-error")).to_be_visible()
    page.fill("[name=code]", shown(code).lower())
    submit(page)
    assert page.url == person
    look(page)
    expect(page.get_by_text(shown(code))).to_be_visible()
    page.goto(county.url + "/residents")
    page.fill("[name=q]", code.lower())
    page.press("[name=q]", "Enter")
    page.wait_for_url(person)
    page.goto(person + "/card")
    page.fill("[name=reason]", "丢了")
    submit(page)
    look(page)
    page.goto(f"{county.url}/c/{code}")
    look(page)
    expect(page.locator(f"main a[href='{person.removeprefix(county.url)}']")).to_be_visible()
    page.goto(f"{county.url}/c/" + ("7K3M2P9G" if code != "7K3M2P9G" else "2"))
    look(page)


def a_film(path: Path, content: str) -> Path:
    """What a camera sees that is held over a code: uncompressed pictures of 640 × 480."""
    code = segno.make_qr(content, error="m")
    scale, (width, height) = 9, (640, 480)
    rows = [bytes(16 if dark else 235 for dark in row) for row in code.matrix_iter(scale=scale, border=4)]
    side = len(rows)
    above, beside = (height - side) // 2, (width - side) // 2
    blank = bytes([235]) * width
    inside = [bytes([235]) * beside + row + bytes([235]) * (width - beside - side) for row in rows]
    light = b"".join([blank] * above + inside + [blank] * (height - above - side))
    picture = b"FRAME\n" + light + bytes([128]) * (width * height // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420mpeg2\n" + picture * 5)
    return path


def read_picture(_source: Any, grey: str, width: int, height: int) -> list[str]:
    picture = memoryview(base64.b64decode(grey)).cast("B", shape=[height, width])
    return [read.text for read in zxingcpp.read_barcodes(picture)]


def a_phone_over(chromium: Browser, film: Path, county: County) -> Page:
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    phone = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    context = phone.new_context(
        viewport={"width": 360, "height": 780}, locale="zh-CN", permissions=["camera"], has_touch=True
    )
    context.expose_binding("readPicture", read_picture)
    context.add_init_script(READER)
    page = context.new_page()
    sign_in(page, county, "doctor")
    return page


def live(page: Page) -> bool:
    return bool(page.evaluate("() => window.stream.getTracks().some((track) => track.readyState === 'live')"))


def test_the_camera_reads_a_card(chromium: Browser, county: County, person: str, tmp_path: Path) -> None:
    page = a_phone_over(
        chromium, a_film(tmp_path / "none.y4m", "https://elsewhere.example/c/7K3M2P9R"), county
    )
    code = the_code(page, county, person)
    page.goto(county.url + "/residents")
    page.locator("[data-scan]").click()
    dialog = page.locator("dialog.scan")
    expect(dialog).to_contain_text("不是居民的卡片")
    look(page)
    assert page.evaluate("() => window.wanted.video.facingMode.ideal") == "environment"
    assert live(page)
    page.locator("[data-close]").click()
    page.wait_for_function("() => window.stream.getTracks().every((track) => track.readyState === 'ended')")
    assert page.url.endswith("/residents")
    page.context.browser.close()  # type: ignore[union-attr]
    for content in (f"{county.url}/c/{code}", shown(code)):
        page = a_phone_over(chromium, a_film(tmp_path / "card.y4m", content), county)
        page.goto(county.url + "/residents")
        page.locator("[data-scan]").click()
        page.wait_for_url(person)
        page.context.browser.close()  # type: ignore[union-attr]


def test_a_camera_that_is_refused_says_what_to_do(
    chromium: Browser, county: County, person: str, tmp_path: Path
) -> None:
    page = a_phone_over(chromium, a_film(tmp_path / "none.y4m", "x"), county)
    page.context.clear_permissions()
    page.goto(county.url + "/c")
    page.locator("[data-scan]").click()
    expect(page.locator("dialog.scan")).to_contain_text("请在浏览器里允许")
    look(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.scan")).to_be_hidden()
    page.context.browser.close()  # type: ignore[union-attr]

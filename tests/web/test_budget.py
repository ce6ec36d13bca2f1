"""The visit page of a phone fits a village's signal: everything it loads, its worker included."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from flask.testing import FlaskClient

DIST = Path(__file__).parents[2] / "tracker" / "static" / "dist"
MOST = 60 * 1024
PAGE = "/shell/zh_Hans_CN/village_doctor/visit"
VIEW = "visit-errors"
"""What only the part with the form's own view names."""


def size(client: FlaskClient, address: str) -> int:
    """As it travels to a browser of today."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert answer.status_code == 200
    assert answer.content_encoding, address
    return len(answer.data)


def loaded(names: set[str]) -> set[str]:
    """The files and all that they import at once."""
    found, left = set(names), list(names)
    while left:
        text = (DIST / left.pop()).read_text()
        static = re.findall(r'(?:from|import)\s*"\./([\w-]+\.js)"', text)
        for name in set(static) - found:
            found.add(name)
            left.append(name)
    return found


def test_the_visit_page_with_all_that_it_loads_stays_small(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    manifest = json.loads((DIST / "manifest.json").read_text())
    scripts = set(re.findall(r'src="/static/dist/([\w-]+\.js)"', page.text))
    assert {manifest["app.js"], manifest["phone.js"]} <= scripts
    parts = {name for key, name in manifest.items() if key == name}
    view = {name for name in parts if VIEW in (DIST / name).read_text()}
    assert view, "no part holds the view of the visit"
    files = loaded(scripts | view) | {manifest["app.css"]}
    worker = "/sw.js?role=village_doctor&locale=zh_Hans_CN"
    sizes = {address: size(client, address) for address in (PAGE, worker)}
    sizes |= {name: size(client, f"/static/dist/{name}") for name in files}
    assert sum(sizes.values()) <= MOST, sizes


def test_a_browser_that_knows_only_gzip_gets_small_files_too(client: FlaskClient) -> None:
    name = json.loads((DIST / "manifest.json").read_text())["app.css"]
    answer = client.get(f"/static/dist/{name}", headers={"Accept-Encoding": "gzip"})
    assert (answer.content_encoding, answer.mimetype) == ("gzip", "text/css")
    assert gzip.decompress(answer.data) == (DIST / name).read_bytes()
    plain = client.get(f"/static/dist/{name}", headers={"Accept-Encoding": "identity"})
    assert (plain.content_encoding, plain.data) == (None, (DIST / name).read_bytes())

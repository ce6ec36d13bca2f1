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


def size(content: bytes) -> int:
    return len(gzip.compress(content, 9))


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
    files = {name: (DIST / name).read_bytes() for name in loaded(scripts | view)}
    files |= {name: (DIST / name).read_bytes() for name in (manifest["app.css"], manifest["sw.js"])}
    sizes = {"page": size(page.data)} | {name: size(content) for name, content in files.items()}
    assert sum(sizes.values()) <= MOST, sizes

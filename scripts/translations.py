"""Refreshes the catalogues from the sources; with --check it fails where they are stale or incomplete.

Chinese is the language of the sources, so only English needs a catalogue.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "tracker" / "translations"
PLAIN = ("--omit-header",)
EXACT = ("--ignore-obsolete", "--no-fuzzy-matching")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def extract(target: Path) -> None:
    keywords = ["-k", "_l", "-k", "lazy_gettext"]
    _babel(
        "extract",
        "-F",
        "babel.cfg",
        *keywords,
        *PLAIN,
        "--sort-output",
        "--no-location",
        "-o",
        str(target),
        ".",
    )


def _babel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], check=True, cwd=ROOT)


def problems(catalogue: Path, template: Path) -> list[str]:
    """Messages that are missing, empty, doubtful, no longer used, or that lost a placeholder."""
    with template.open("rb") as file:
        wanted = {m.id for m in read_po(file) if m.id}
    with catalogue.open("rb") as file:
        have = {m.id: m for m in read_po(file) if m.id}
    found = [f"missing: {i}" for i in wanted - have.keys()]
    found += [f"no longer used: {i}" for i in have.keys() - wanted]
    for name, message in have.items():
        if not message.string or message.fuzzy:
            found.append(f"untranslated: {name}")
        elif set(PLACEHOLDER.findall(str(name))) != set(PLACEHOLDER.findall(str(message.string))):
            found.append(f"placeholders differ: {name}")
    return sorted(found)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        if "--check" not in sys.argv:
            _babel("update", "-i", str(template), "-d", str(CATALOGUES), "-l", "en", *PLAIN, *EXACT)
        found = problems(CATALOGUES / "en" / "LC_MESSAGES" / "messages.po", template)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

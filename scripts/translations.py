"""Refreshes the catalogues from the sources; with --check it fails where they are stale or incomplete.

Chinese is the language of the sources, so only English needs a catalogue.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "tracker" / "translations"
LOCALE = "en"
CATALOGUE = CATALOGUES / LOCALE / "LC_MESSAGES" / "messages.po"
PLAIN = ("--omit-header",)
EXACT = ("--ignore-obsolete", "--no-fuzzy-matching")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


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


def update(template: Path) -> None:
    """Bring the catalogue up to date; the first time there is none yet. A header would only carry dates."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.touch()
    _babel("update", "-i", str(template), "-d", str(CATALOGUES), "-l", LOCALE, *PLAIN, *EXACT)


def messages(file: Path) -> dict[str, Message]:
    """By the Chinese text, of the singular where there are two forms."""
    with file.open("rb") as text:
        catalogue = read_po(text, locale=LOCALE)
    return {_forms(m.id)[0]: m for m in catalogue if m.id}


def problems(catalogue: Path, template: Path) -> list[str]:
    """Messages that are missing, empty, unused, half Chinese or that lost a placeholder."""
    wanted, have = messages(template), messages(catalogue)
    found = [f"missing: {i}" for i in wanted.keys() - have.keys()]
    found += [f"no longer used: {i}" for i in have.keys() - wanted.keys()]
    found += [
        f"one form only: {i}"
        for i in wanted.keys() & have.keys()
        if wanted[i].pluralizable != have[i].pluralizable
    ]
    return sorted(found + [f"{word}: {name}" for name, message in have.items() for word in _faults(message)])


def _faults(message: Message) -> list[str]:
    if message.fuzzy or not all(_forms(message.string)):
        return ["untranslated"]
    placeholders = set(PLACEHOLDER.findall(_forms(message.id)[0]))
    found = []
    if any(set(PLACEHOLDER.findall(form)) != placeholders for form in _forms(message.string)):
        found.append("placeholders differ")
    if any(CHINESE.search(form) for form in _forms(message.string)):
        found.append("still Chinese")
    return found


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        if "--check" not in sys.argv:
            update(template)
        found = problems(CATALOGUE, template)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

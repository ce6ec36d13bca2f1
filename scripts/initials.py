"""Writes tracker/data/initials.txt: the pinyin initials of every character, by the dictionary of pypinyin.

A line is a set of initials, the commonest reading first, and the characters that are read so.
Run it again after an update of pypinyin; a test compares the file with it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping

os.environ["PYPINYIN_NO_PHRASES"] = "true"  # characters are read one by one

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

from tracker.services.resident.initials import FILE


def ways() -> Mapping[str, str]:
    """Characters by their initials."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in sorted(PINYIN_DICT):
        readings = pinyin(chr(code), style=Style.FIRST_LETTER, heteronym=True)[0]
        letters = dict.fromkeys(letter for letter in readings if letter.isascii() and letter.isalpha())
        found["".join(letters)].append(chr(code))
    return {letters: "".join(characters) for letters, characters in sorted(found.items())}


if __name__ == "__main__":
    FILE.write_text("".join(f"{letters} {characters}\n" for letters, characters in ways().items()), "utf-8")

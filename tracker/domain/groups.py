"""Words for the key-population groups of family-doctor contracts; bare codes are never guessed.

Two code lists for the same groups are in use that contradict each other, so a number is asked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tracker.domain.cells import broken, plain
from tracker.domain.finding import Issue, Read, unread
from tracker.domain.person import Group
from tracker.domain.reasons import Reason
from tracker.domain.words import words

BY_WORD = {word: group for group in Group for word in words(f"group {group}")}
BOTH = {
    "两病": (Group.HTN, Group.T2D),
    "高血压糖尿病": (Group.HTN, Group.T2D),
    "高血压合并糖尿病": (Group.HTN, Group.T2D),
    "高血压伴糖尿病": (Group.HTN, Group.T2D),
}
SEPARATORS = re.compile(r"[、,;/\\|+&。:\n]|和|及其|兼|以及|与")
CODE = re.compile(r"\d{1,2}")
NUMBERING = re.compile(r"^(?:\d{1,2}[.、:)]|[①-⑳])")


def read_groups(raw: object) -> Read[frozenset[Group]]:
    """Every group named in the cell; an unknown word or a bare number is an issue of its own."""
    if broken(raw):
        return unread(Reason.BROKEN_FORMULA)
    return _named(plain(raw)[:200])


@lru_cache(maxsize=5_000)
def _named(said: str) -> Read[frozenset[Group]]:
    if not said or said in "-/—":
        return Read(frozenset())
    groups: set[Group] = set()
    issues: list[Issue] = []
    for word in _words(said):
        if word in BY_WORD:
            groups.add(BY_WORD[word])
        elif word in BOTH:
            groups.update(BOTH[word])
        elif CODE.fullmatch(word):
            issues.append(Issue(Reason.GROUPS_CODE))
        else:
            issues.append(Issue(Reason.GROUPS_UNKNOWN, {"word": word}))
    return Read(frozenset(groups), tuple(issues))


def _words(said: str) -> list[str]:
    """The words of the cell, without the numbering or brackets around them."""
    if said in BY_WORD or said in BOTH:
        return [said]
    bare = re.sub(r"[()\[\]【】√✓]", "、", said)
    return [word for part in SEPARATORS.split(bare) if (word := NUMBERING.sub("", part).strip(".·-"))]

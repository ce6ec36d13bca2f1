"""Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's second choice), as many at once as cores."""

from __future__ import annotations

import os
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from tracker.schemas.problem import refuse

SHORTEST, LONGEST = 10, 200
STEPS = frozenset((-9, -1, 0, 1, 9))
"""From a digit or letter to its neighbour or itself, and between 9 and 0."""
_hasher = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_cores = BoundedSemaphore(os.cpu_count() or 1)


def check(password: str, username: str) -> None:
    """Refuse a password that is short, made of few characters, of the user name or by counting."""
    if len(password) < SHORTEST:
        raise refuse("password", "password_short", n=SHORTEST)
    if len(password) > LONGEST:
        raise refuse("password", "password_long", n=LONGEST)
    if len(set(password)) < 5 or username.lower() in password.lower() or _counts(password):
        raise refuse("password", "password_weak")


def _counts(password: str) -> bool:
    """Whether nearly all of it is 1234567890, 9876543210 or abcdefghij."""
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return sum(step in STEPS for step in steps) >= len(steps) - 2


def make(password: str) -> str:
    with _cores:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes as long where there is none stored."""
    with _cores:
        try:
            found = _hasher.verify(password[:LONGEST], stored or _nobody())
        except UnknownHashError:
            return False
    return found and stored is not None


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")

"""Initials of names, and the file of characters that they come from."""

from __future__ import annotations

from scripts.initials import ways
from tracker.services.resident.initials import FILE, initials_of


def test_a_character_read_in_several_ways_is_found_by_each() -> None:
    assert initials_of("单春") == {"sc", "dc", "cc"}


def test_letters_are_their_own_initials_and_marks_have_none() -> None:
    assert initials_of("Anna·王 1") == {"annaw", "annay"}


def test_the_file_says_what_the_dictionary_says() -> None:
    lines = FILE.read_text("utf-8").splitlines()
    assert dict(line.split(" ") for line in lines) == ways()

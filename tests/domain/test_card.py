"""Codes of cards: drawn without look-alikes, wrong ones noticed, whatever way they are typed."""

from __future__ import annotations

import json
import random

from tests.frontend import printed, source
from tracker.domain.card import ALPHABET, is_code, looks_like_code, new_code, shown, tidy


def codes(number: int) -> list[str]:
    chance = random.Random(7)
    return [new_code(chance.randrange) for _ in range(number)]


def test_a_code_has_neither_vowels_nor_look_alikes() -> None:
    drawn = codes(500)
    assert all(is_code(code) and len(code) == 8 for code in drawn)
    assert set("".join(drawn)) == set(ALPHABET)
    assert not set("01AEIOUL") & set(ALPHABET)
    assert len(set(drawn)) == 500


def test_one_wrong_character_is_always_noticed() -> None:
    for code in codes(100):
        for place, right in enumerate(code):
            for other in ALPHABET.replace(right, ""):
                assert not is_code(code[:place] + other + code[place + 1 :])


def test_neighbours_that_changed_places_are_nearly_always_noticed() -> None:
    missed = tried = 0
    for code in codes(1000):
        for i in range(7):
            if code[i] != code[i + 1]:
                tried += 1
                missed += is_code(code[:i] + code[i + 1] + code[i] + code[i + 2 :])
    assert missed / tried < 0.005


def test_a_code_is_read_in_any_spelling() -> None:
    (code,) = codes(1)
    spelt = shown(code)
    assert spelt.count(" ") == 2
    for typed in (
        spelt,
        spelt.lower(),
        spelt.replace(" ", "-"),
        f" {spelt.replace(' ', '–')} ",
        code.lower(),
    ):
        assert tidy(typed) == code
    assert tidy("７ｋ３ m2p 9r") == "7K3M2P9R"


def test_numbers_and_names_are_not_taken_for_codes() -> None:
    for said in ("23456789", "2345678X", "ZHXYWLTJ", "张秀英", "7K3M2P9", "7K3M2P9R2", "", "7K3M2P9O"):
        assert not looks_like_code(tidy(said))


def test_the_browser_agrees() -> None:
    wrong = [code[:-1] + random.Random(code).choice(ALPHABET) for code in codes(500)]
    given = [
        *codes(500),
        *wrong,
        "23456789",
        "2345678X",
        "ZHXYWLTJ",
        "",
        " 7k3-m2p–9r ",
        "7K3M2P9O",
        "张秀英",
    ]
    script = (
        f"import {{ isCode, tidy }} from '{source('domain/card.js')}';"
        f"console.log(JSON.stringify({json.dumps(given)}.map((said) => isCode(tidy(said)))))"
    )
    assert printed(script) == [is_code(tidy(said)) for said in given]
    assert sum(map(is_code, wrong)) < 60

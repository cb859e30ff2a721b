"""Composed twins: distinct, balanced, filled, adult, repeatable, and never torn apart by the split."""

import re
from collections import Counter

from atelier_trainer.prompt_safety_contrasts import ALARMING, KINDS, contrasts
from atelier_trainer.prompt_safety_data import HARMLESS, OVERT

MINORS = re.compile(
    r"\b(child\w*|kids?|teen\w*|girls?|boys?|minors?|bab(y|ies)|toddlers?|infants?|newborns?|pupils?|school\w*|students?|"
    r"underage|young\w*|youth\w*|juveniles?|daughters?|sons?)\b",
    re.IGNORECASE,
)
ROWS = contrasts(10_000)


def test_contrasts_are_distinct_and_balanced_over_kinds() -> None:
    assert len({row.text.lower() for row in ROWS}) == len(ROWS) == 10_000
    unsafe = Counter(row.group for row in ROWS if row.label != HARMLESS)
    assert abs(unsafe.total() / len(ROWS) - 0.5) < 0.05
    assert len(unsafe) == sum(map(len, KINDS.values())) and max(unsafe.values()) - min(unsafe.values()) <= 1
    assert {row.label for row in ROWS} == {HARMLESS, *OVERT.values()}


def test_every_kind_has_twins_on_one_side_of_the_split() -> None:
    assert all(len(kind[side]) >= 6 for kinds in KINDS.values() for kind in kinds.values() for side in ("unsafe", "harmless"))
    assert all(set(kind) == {"harmless"} for kind in ALARMING.values())
    splits = {(row.group, row.split) for row in ROWS}
    assert len(splits) == len({group for group, _ in splits})


def test_contrasts_are_filled_and_of_a_readable_length() -> None:
    assert not any(mark in row.text for row in ROWS for mark in "{}[]|")
    assert all(5 <= len(row.text.split()) <= 40 for row in ROWS)


def test_unsafe_contrasts_show_only_adults() -> None:
    # "University students" are adults.
    texts = [row.text.replace("niversity students", "") for row in ROWS if row.label != HARMLESS]
    assert [text for text in texts if MINORS.search(text)] == []


def test_a_seed_gives_the_same_prompts() -> None:
    assert contrasts(200, seed=3) == contrasts(200, seed=3) != contrasts(200, seed=4)

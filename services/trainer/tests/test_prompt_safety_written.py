"""Written twins: distinct, of readable length, whole themes on one side of the split, and nobody young where it is about sex."""

from collections import Counter

from atelier_trainer.prompt_safety_data import HARMLESS, OVERT
from atelier_trainer.prompt_safety_written import written
from tests.test_prompt_safety_contrasts import MINORS

ROWS = written()


def test_twins_are_distinct_and_balanced() -> None:
    assert len({row.text.lower() for row in ROWS}) == len(ROWS) > 5_000
    assert Counter(row.label == HARMLESS for row in ROWS) == {True: len(ROWS) // 2, False: len(ROWS) // 2}
    assert {row.label for row in ROWS} >= {HARMLESS, *OVERT.values()}


def test_they_read_as_prompts() -> None:
    assert all(4 <= len(row.text.split()) <= 50 for row in ROWS)
    assert not any(mark in row.text for row in ROWS for mark in "{}\t")


def test_a_theme_is_on_one_side_of_the_split() -> None:
    groups = Counter(row.group for row in ROWS)
    assert max(groups.values()) == 20
    assert len({(row.group, row.split) for row in ROWS}) == len(groups)


def test_nobody_young_where_it_is_about_sex() -> None:
    assert [row.text for row in ROWS if row.label == "nudity" and MINORS.search(row.text)] == []

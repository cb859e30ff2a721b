"""What the text encoder is taught besides captions: that words it doesn't know state nothing."""

import random
from itertools import islice

from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.prompt_openings import opening_rows
from atelier_trainer.text_batches import TextBatches

CAPTION = ("two red boats", [1, 2])
OPENING = ("a portrait of a", [3, 0])
FILLERS = ["doctor", "seldom", "gravel"]


def rows(openings=()):
    batches = TextBatches([CAPTION], FILLERS, 30, random.Random(1), openings)
    return [row for batch in islice(batches, 40) for row in batch]


def test_an_opening_with_unknown_words_states_what_it_states_alone():
    opened = [row for row in rows([OPENING]) if row[0].startswith(OPENING[0])]
    assert len(opened) > 20
    for text, classes in opened:
        assert classes == OPENING[1]
        assert set(text.removeprefix(OPENING[0]).split()) <= set(FILLERS)


def test_an_occupation_states_a_portrait_and_no_more():
    space = AttributeSpace.from_dict({"domain": ["", "landscape", "portrait"], "gender": ["", "man", "woman"]})
    rows = dict(opening_rows(space))
    assert rows["a photo of a nurse"] == rows["police officer"] == [2, 0]
    assert rows["a picture of a"] == [0, 0]


def test_what_is_not_drawn_states_where_or_who_it_would_be():
    space = AttributeSpace.from_dict({"domain": ["", "landscape", "portrait"], "gender": ["", "man", "woman"]})
    rows = dict(opening_rows(space))
    assert rows["a photo of a dragon"] == rows["an elephant"] == [1, 0]
    assert rows["a guitar"] == [0, 0]
    assert rows["a portrait of a queen"] == [2, 2]


def test_without_openings_there_are_captions_and_nothing():
    assert {tuple(classes) for _, classes in rows()} == {(1, 2), (0, 0)}

"""Which words of two texts differ."""

import time

import pytest

from marketplace.lib.word_runs import word_runs


def marked(runs):
    return "".join(f"[{run.text}]" if run.is_changed else run.text for run in runs)


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("Red rice", "Red rice", "Red rice", "Red rice"),
        ("Red rice of Paro", "Red rice of Haa", "Red rice of [Paro]", "Red rice of [Haa]"),
        ("Dry and cool", "Keep dry and cool", "[Dry ]and cool", "[Keep dry ]and cool"),
        ("One.\n\nTwo.", "One.\n\nTwo. Three.", "One.\n\nTwo.", "One.\n\nTwo. [Three.]"),
        ("", "New", "", "New"),
        ("Honey", "Wild turmeric of the hills", "Honey", "Wild turmeric of the hills"),
    ],
)
def test_words_that_stand_on_one_side_are_marked_there(old, new, left, right):
    before, after = word_runs(old, new)

    assert (marked(before), marked(after)) == (left, right)
    assert ("".join(run.text for run in before), "".join(run.text for run in after)) == (old, new)


def test_a_long_story_is_compared_in_no_time():
    story = " ".join(f"word{number % 400}" for number in range(2900))

    begun = time.process_time()
    before, after = word_runs(story, story.replace("word399", "other"))

    assert time.process_time() - begun < 1
    assert "".join(run.text for run in before) == story
    assert any(run.is_changed for run in after)

"""Words as they are kept, and when there are none."""

import pytest

from marketplace.lib.words import is_blank, plain_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Red rice ", "Red rice"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("lines of\r\na browser\rand old files", "lines of\na browser\nand old files"),
        ("Nu\u202e5.00\x00\x1b\u2066", "Nu5.00"),
        # Joiners are part of how Hindi is written.
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_only_signs_that_turn_or_break_a_page_are_dropped(typed, kept):
    assert plain_words(typed) == kept


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060\ufeff", "\u3164\u2800", "\u00a0\u00ad"])
def test_what_nobody_sees_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "चावल", "འབྲས", "5", "-", "\u200bx"])
def test_what_somebody_sees_is_not(text):
    assert not is_blank(text)

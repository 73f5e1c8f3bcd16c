"""Lines that people type about themselves are kept as they are printed."""

import pytest
from django.core.exceptions import ValidationError

from marketplace.lib.fields import LineField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Tenzin  Dema ", "Tenzin Dema"),
        ("\u202eameD nizneT\u202c", "ameD nizneT"),
        ("Tenzin\x1b\x0b Dema\0", "Tenzin Dema"),
        ("Tenzin\r\nDema\u2028Paro", "Tenzin Dema Paro"),
        # Joiners belong to how Hindi and Dzongkha are written.
        ("क्\u200dष", "क्\u200dष"),
        ("བསྟན་འཛིན།", "བསྟན་འཛིན།"),
    ],
)
def test_a_line_is_kept_without_signs_that_nobody_sees(typed, kept):
    assert LineField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "\u200b", "\u3164 \u2800", "\u202e\n\x00"])
def test_what_shows_nothing_is_asked_for_again(typed):
    with pytest.raises(ValidationError):
        LineField().clean(typed)
    assert LineField(required=False).clean(typed) == ""


def test_a_line_is_measured_as_it_is_kept():
    assert LineField(max_length=3).clean("a\u202e \r\n b") == "a b"

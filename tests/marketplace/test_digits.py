"""Figures of every script count as ours, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.digits import plain_digits


@pytest.mark.parametrize("typed", ["1207", "१२०७", "༡༢༠༧", "๑๒๐๗", "١٢٠٧", "1२༠7"])
def test_digits_of_every_script_are_read(typed):
    assert plain_digits(typed) == "1207"


@given(text=st.text(max_size=40))
def test_only_decimal_digits_change(text):
    read = plain_digits(text)

    assert len(read) == len(text)
    changed = {typed for typed, sign in zip(text, read, strict=True) if typed != sign}
    assert all(sign.isdecimal() for sign in changed)
    assert plain_digits("²½") == "²½"

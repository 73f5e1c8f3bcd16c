"""Spans of time are said in the language of the page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from marketplace.lib.spans import span_words

START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "span", "words"),
    [
        ("en", timedelta(days=3, hours=18, minutes=59), "3 days, 18 hours"),
        ("en", timedelta(days=1, minutes=5), "1 day"),
        ("en", timedelta(hours=2, minutes=1, seconds=59), "2 hours, 1 minute"),
        ("en", timedelta(days=45), "45 days"),
        ("en", timedelta(seconds=59), "less than a minute"),
        ("en", timedelta(days=-1), "less than a minute"),
        ("hi", timedelta(days=3, hours=1), "3 दिन, 1 घंटा"),
        ("dz", timedelta(days=3), "ཉིན་ཞག་ 3"),
    ],
)
def test_a_span_is_said_in_two_units_at_most(language, span, words):
    with translation.override(language):
        assert span_words(START, START + span).replace("\xa0", " ") == words

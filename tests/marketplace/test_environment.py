"""Settings from the environment: typed, and wrong ones named."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib import environment

NAME = "A_SETTING_OF_THE_TESTS"


@pytest.fixture(autouse=True)
def _unset(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)


def test_a_variable_without_a_default_must_be_set():
    with pytest.raises(ImproperlyConfigured, match=f"set the environment variable {NAME}"):
        environment.text(NAME)


def test_a_variable_that_is_set_wins_over_its_default(monkeypatch):
    monkeypatch.setenv(NAME, "7")

    found = (environment.text(NAME, "x"), environment.whole_number(NAME, 1), environment.decimal(NAME, "1"))

    assert found == ("7", 7, Decimal(7))


def test_without_a_variable_the_default_counts():
    found = (
        environment.text(NAME, "x"),
        environment.whole_number(NAME, 1),
        environment.decimal(NAME, "0.0800"),
        environment.flag(NAME),
        environment.flag(NAME, default=True),
        environment.words(NAME),
        environment.words(NAME, ["a"]),
    )

    assert found == ("x", 1, Decimal("0.0800"), False, True, [], ["a"])


@pytest.mark.parametrize(
    ("word", "value"),
    [("1", True), ("true", True), (" Yes ", True), ("ON", True), ("0", False), ("no", False), ("", False)],
)
def test_yes_and_no_are_understood(monkeypatch, word, value):
    monkeypatch.setenv(NAME, word)

    assert environment.flag(NAME, default=not value) is value


@pytest.mark.parametrize(
    ("read", "word", "complaint"),
    [
        (lambda: environment.flag(NAME), "maybe", "must be yes or no, not 'maybe'"),
        (lambda: environment.whole_number(NAME, 1), "7.5", "must be a whole number, not '7.5'"),
        (lambda: environment.whole_number(NAME, 1), "", "must be a whole number, not ''"),
        (lambda: environment.decimal(NAME, "1"), "8 %", "must be a decimal number, not '8 %'"),
    ],
)
def test_a_word_that_does_not_fit_is_named(monkeypatch, read, word, complaint):
    monkeypatch.setenv(NAME, word)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} {complaint}"):
        read()


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_finite_number_is_refused(monkeypatch, word):
    monkeypatch.setenv(NAME, word)

    with pytest.raises(ImproperlyConfigured, match="must be a decimal number"):
        environment.decimal(NAME, "1")


@given(words=st.lists(st.text("abcdef0123._-", min_size=1), max_size=5))
def test_words_are_separated_by_commas_and_trimmed(words):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NAME, " , ".join(words) + ",")

        assert environment.words(NAME) == words

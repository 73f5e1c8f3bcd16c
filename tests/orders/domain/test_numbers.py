"""Order numbers: read over the phone, typed by hand, guessed by nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.numbers import (
    ALPHABET,
    RANDOM_CHARACTERS,
    check_character,
    new_order_number,
    read_order_number,
)

bodies = st.text(alphabet=ALPHABET, min_size=RANDOM_CHARACTERS, max_size=RANDOM_CHARACTERS)


def test_a_new_number_is_three_groups_that_read_back_as_themselves():
    number = new_order_number()

    assert [len(part) for part in number.split("-")] == [4, 4, 2]
    assert read_order_number(number) == number


def test_numbers_do_not_repeat_or_follow_each_other():
    numbers = {new_order_number() for _ in range(5000)}

    assert len(numbers) == 5000
    assert len({number[:4] for number in numbers}) > 4000


@given(body=bodies, place=st.integers(0, RANDOM_CHARACTERS), wrong=st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(body, place, wrong):
    number = body + check_character(body)
    typed = number[:place] + wrong + number[place + 1 :]

    read = read_order_number(typed)

    assert (read is not None) == (typed == number)


@given(body=bodies, place=st.integers(0, RANDOM_CHARACTERS - 1))
def test_swapped_neighbours_are_found_apart_from_the_first_and_last_sign_of_the_alphabet(body, place):
    number = body + check_character(body)
    left, right = number[place], number[place + 1]
    typed = number[:place] + right + left + number[place + 2 :]

    read = read_order_number(typed)

    is_blind_spot = {left, right} == {ALPHABET[0], ALPHABET[-1]}
    assert (read is not None) == (typed == number or is_blind_spot)


@given(body=bodies)
def test_small_letters_blanks_hyphens_and_lookalikes_do_not_matter(body):
    number = body + check_character(body)
    typed = " - ".join(number.lower()).replace("1", "l").replace("0", "o")

    assert read_order_number(typed) == f"{number[:4]}-{number[4:8]}-{number[8:]}"


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused_without_an_error(text):
    read = read_order_number(text)

    assert read is None or read_order_number(read) == read


@pytest.mark.parametrize("typed", ["", "0000", "0000-0000-000", "UUUU-UUUU-UU", "100001", "0000-0000-01"])
def test_what_cannot_be_a_number_is_refused(typed):
    assert read_order_number(typed) is None

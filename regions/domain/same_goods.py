"""What goods are called elsewhere: one meaning, words of many languages and scripts."""

from collections.abc import Mapping, Sequence
from functools import cache

from regions.domain.goods_words import GOODS
from regions.domain.spelling import FULL_STOP, UNKNOWN, sound, words


def other_words(word: str) -> Sequence[str]:
    """Latin words for the same goods, without the word itself: "turmeric" and "हल्दी" give "haldi" and its like.

    word: one word in any script; one that is written as it sounds is understood: "haldee". Empty when it is no goods' word.
    """
    found: dict[str, None] = {}
    for spelled in words(word):
        if spelled not in (FULL_STOP, UNKNOWN):
            found.update(dict.fromkeys(_by_sound().get(sound(spelled), ())))
    return [other for other in found if other != word.lower()]


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in GOODS.splitlines():
        meaning = tuple(line.split())
        for word in meaning:
            # A word of two meanings keeps the first: lists are read from food down.
            found.setdefault(sound(word), meaning)
    return found

"""What goods are called elsewhere: one meaning, words of many languages and scripts."""

from collections.abc import Mapping, Sequence
from functools import cache

from regions.domain.goods_words import ALIKE, GOODS
from regions.domain.search_words import SAME
from regions.domain.spelling import FULL_STOP, UNKNOWN, bones, sound, words

_SHORTEST_BONES = 4


def other_words(word: str) -> Sequence[str]:
    """Latin words for the same goods, without the word itself: "turmeric" and "हल्दी" give "haldi" and its like.

    word: one word in any script; one that is written as it sounds is understood: "haldee". Empty when it is no goods' word.
    """
    found: dict[str, None] = {}
    for spelled in words(word):
        if spelled not in (FULL_STOP, UNKNOWN):
            meaning = _by_sound().get(sound(spelled), ())
            if not meaning and not word.isascii() and len(bones(spelled)) >= _SHORTEST_BONES:
                # Which vowels are heard in a word of a script of India is not written.
                meaning = _by_bones().get(bones(spelled), ())
            found.update(dict.fromkeys(meaning))
    return [other for other in found if other != word.lower()]


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning in _meanings():
        for word in meaning:
            # A word of two meanings keeps the first: what shoppers say, then the lists of goods from food down.
            found.setdefault(sound(word), meaning)
    return found


@cache
def _by_bones() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning in _meanings():
        for word in meaning:
            found.setdefault(bones(word), meaning)
    return found


def _meanings() -> list[tuple[str, ...]]:
    own = [line for line in SAME.split("\n") if line]
    wider = dict(line.removeprefix("+").split(maxsplit=1) for line in own if line.startswith("+"))
    first = [tuple(line.split()) for line in own if not line.startswith("+")]
    goods = [tuple(line.split()) for line in (*GOODS.strip().splitlines(), *ALIKE.strip().splitlines())]
    # "Pepper" means itself to a shopper, though it stands beside chillies among the words of goods.
    taken = {word for line in first for word in line}
    return first + [
        tuple(
            dict.fromkeys(
                word
                for each in line
                if each not in taken or each == line[0]
                for word in (each, *wider.get(each, "").split())
            )
        )
        for line in goods
    ]

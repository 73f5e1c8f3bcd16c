"""How a text is heard: its words in order, where each sound stands, and what between them parts or joins."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from regions.domain.goods_words import (
    COLOURED,
    COLOURS,
    GOODS,
    HELD_IN_VESSELS,
    PARTING,
    PICTURED,
    PICTURES,
    SERVED,
    STOP,
    VESSELS,
)
from regions.domain.name_parts import ALL_GOODS
from regions.domain.spelling import COMMA, FULL_STOP, LINE, UNKNOWN, bones, full_sound, readings, sound

# Stands for "with" in "serve with".
BESIDE = "+"
_SHORTEST_NAME = 5
# An origin of so many letters is heard across the gaps inside it: "Laka dong", "La ka dong".
_SHORTEST_JOINED = 6
_MOST_PIECES = 4
_LONGEST_PIECE = 5
_GLUED = (*(word for word in GOODS.split() if len(word) > 3), "tea")
_MARKS = frozenset({COMMA, LINE})
_OF = frozenset({"of", "from"})


@dataclass
class Heard:
    """A text as it is heard.

    words: in order, without those passed over; FULL_STOP between sentences. where: the places of each sound, of each
    skeleton after "-" and of each sound to its end after "=". commas, lines: before which words they stand. lists: the
    number of the list of goods ("turmeric, rice and ginger") in which a word stands.
    """

    words: list[str] = field(default_factory=list)
    where: dict[str, list[int]] = field(default_factory=dict)
    commas: set[int] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    lists: dict[int, int] = field(default_factory=dict)

    def is_goods(self, place: int) -> bool:
        """Whether the word there is one for goods."""
        return sound(self.words[place]) in ALL_GOODS


def hear(text: str, known: Container[str]) -> Heard:
    """Hear a text in every way in which it may be read, one after the other. known: signs of names, as in Heard.where."""
    heard = Heard()
    seen: dict[str, None] = {}
    for tokens in readings(text):
        _take(tokens, heard, known)
        seen.update(dict.fromkeys(tokens))
    for word in seen:
        _take(_unglued(word), heard, known)
    for place, word in enumerate(heard.words):
        if word not in {FULL_STOP, UNKNOWN, BESIDE}:
            heard.where.setdefault(sound(word), []).append(place)
            heard.where.setdefault(f"-{bones(word)}", []).append(place)
            heard.where.setdefault(f"={full_sound(word)}", []).append(place)
    return heard


def _take(tokens: Sequence[str], heard: Heard, known: Container[str]) -> None:
    """Add the words of one reading."""
    pieces: list[tuple[str, int]] = []
    for number, word in enumerate(tokens):
        here = len(heard.words)
        if word in _MARKS:
            (heard.commas if word == COMMA else heard.lines).add(here)
        elif word == FULL_STOP:
            heard.words.append(FULL_STOP)
            pieces.clear()
        elif word in PARTING and not _lists_goods(tokens, number, heard):
            if _parts(word, tokens, number, heard, known):
                heard.words.append(FULL_STOP)
                pieces.clear()
            else:
                heard.commas.add(here)
        elif word in PARTING:
            continue
        else:
            _join(word, here, pieces, heard, known)
            if word == "with" and heard.words and heard.words[-1] in SERVED:
                heard.words.append(BESIDE)
            elif word not in STOP:
                heard.words.append(UNKNOWN if _is_other_thing(word, tokens, number) else word)


def _join(word: str, here: int, pieces: list[tuple[str, int]], heard: Heard, known: Container[str]) -> None:
    """Hear an origin whose letters stand apart, where the last of them is this word."""
    pieces.append((full_sound(word), here))
    del pieces[:-_MOST_PIECES]
    for first in range(len(pieces) - 1):
        run = pieces[first:]
        if len(run) > 2 and any(len(piece) > _LONGEST_PIECE for piece, _place in run):
            continue
        joined = "".join(piece for piece, _place in run)
        if len(joined) < _SHORTEST_JOINED:
            continue
        for sign in (joined.rstrip("aeiou"), f"={joined}"):
            if sign in known:
                heard.where.setdefault(sign, []).append(run[0][1])


def _parts(word: str, tokens: Sequence[str], number: int, heard: Heard, known: Container[str]) -> bool:
    """Whether another thing begins after "and": always after "but", never between "dried and ground"."""
    before = heard.words[-1] if heard.words else FULL_STOP
    return (
        word == "but"
        or sound(before) in ALL_GOODS
        or sound(_next(tokens, number)) in ALL_GOODS
        or any(sign in known for sign in (sound(before), f"-{bones(before)}", f"={full_sound(before)}"))
    )


def _next(tokens: Sequence[str], number: int) -> str:
    return next((word for word in tokens[number + 1 : number + 5] if word not in STOP | _MARKS), FULL_STOP)


def _lists_goods(tokens: Sequence[str], number: int, heard: Heard) -> bool:
    """Whether "and" stands between goods, which then are one list, and mark them so."""
    last = len(heard.words) - 1
    if last < 0 or sound(_next(tokens, number)) not in ALL_GOODS or not heard.is_goods(last):
        return False
    if last in heard.lists:
        heard.lists[last + 1] = heard.lists[last]
        return True
    first = last
    while first and first in heard.commas and heard.is_goods(first - 1) and first - 1 not in heard.lists:
        first -= 1
    for place in range(first, last + 2):
        heard.lists[place] = first
    return True


def _is_other_thing(word: str, tokens: Sequence[str], number: int) -> bool:
    """Whether a word for goods is that of a colour, a picture, a vessel or a use: "saffron coloured", "tea cosy"."""
    if sound(word) not in ALL_GOODS:
        return False
    before = tokens[number - 1] if number else FULL_STOP
    after, then = (*tokens[number + 1 : number + 3], FULL_STOP, FULL_STOP)[:2]
    return (
        after in COLOURED
        or (after in COLOURS and then != word and sound(then) in ALL_GOODS)
        or (after in PICTURED and word in PICTURES)
        or (after in VESSELS and word in HELD_IN_VESSELS)
        # "In saffron and red", "a mug for tea": but "tea for all" and "in saffron from Kashmir" are goods.
        or (before == "for" and after not in _OF)
        or (before == "in" and word in PICTURES and after not in _OF)
    )


def _unglued(word: str) -> list[str]:
    """A name and its goods that are written in one, apart: "lakadongturmeric"; a sentence for each way."""
    apart: list[str] = []
    if len(word) < _SHORTEST_NAME + len("tea"):
        return apart
    if word.endswith(_GLUED):
        for goods in _GLUED:
            if word.endswith(goods) and len(word) >= len(goods) + _SHORTEST_NAME:
                apart += [word.removesuffix(goods), goods, FULL_STOP]
    if word.startswith(_GLUED):
        for goods in _GLUED:
            if word.startswith(goods) and len(word) >= len(goods) + _SHORTEST_NAME:
                apart += [goods, word.removeprefix(goods), FULL_STOP]
    return apart

"""Whether a text uses a protected name of origin: in other spellings, scripts, orders of words, or translated.

A name is used where all that makes it up stands together: "Lakadong turmeric", "haldi from Lakadong", "लाकाडोंग हल्दी".
What the goods are called anywhere, "turmeric" or "हल्दी", is free, and so is the place without the goods; a colour
("saffron coloured"), a vessel ("tea cosy") and an address are not the goods. Where a reader could take the words for
the name, it is held: an officer can say that it is none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from regions.domain.goods_words import ADDRESS, DENIALS, DENIALS_AFTER, NO_DENIALS
from regions.domain.hearing import BESIDE, Heard, hear
from regions.domain.name_parts import Name, Part, variants
from regions.domain.spelling import FULL_STOP, sound

# Of a name of several words at most so many others may stand between; more where none of them is another kind of goods.
FOREIGN_WORDS = 1
MOST_FOREIGN_WORDS = 3
# "Serve with a cup of": so many words before the name.
_BESIDE_WORDS = 2
_SENTENCE = re.compile(r"[.;!?\n।॥།༎]")


@dataclass(frozen=True)
class Use:
    """A protected name that a text uses. key: of the name; places: which words of the text."""

    key: int
    name: str
    places: frozenset[int]


def uses(
    text: str, names: Mapping[int, str], *, free: Iterable[int] = (), is_title: bool = False
) -> list[Use]:
    """The protected names that a text uses, without those that may be used.

    names: by key. free: keys of names that may be used; a shorter name inside such a use is free as well, and so is
    the same name under another key. is_title: of a title, which has no room to say what the goods are not.
    """
    index = _index(frozenset(names.items()))
    heard = hear(text, index)
    found = [
        Use(key, names[key], places)
        for key in _near(heard, index)
        for places in _places(variants(names[key]), heard, is_title=is_title)
    ]
    return _held(found, names, free)


def uses_across(title: str, story: str, names: Mapping[int, str], *, free: Iterable[int] = ()) -> list[Use]:
    """The names of which one part is the title's and the other stands in the first sentence of the story.

    "Turmeric powder", and below "From the fields of Lakadong". Neither may speak of other goods, of which the origin
    could be said. names, free: as in uses.
    """
    index = _index(frozenset(names.items()))
    above, below = hear(title, index), hear(_first_sentence(story), index)
    signs = above.where.keys() | below.where.keys()
    found = [
        Use(key, names[key], frozenset())
        for key in sorted(set().union(*(index.get(sign, ()) for sign in signs)))
        if any(_is_across(name, above, below) for name in variants(names[key]))
    ]
    return _held(found, names, free)


def _first_sentence(story: str) -> str:
    return next((part for part in _SENTENCE.split(story) if part.strip()), "")


def _is_across(name: Name, above: Heard, below: Heard) -> bool:
    in_title = [bool(_standing(part, above.where)) for part in name]
    in_story = [bool(_standing(part, below.where)) for part in name]
    has_all = all(title or story for title, story in zip(in_title, in_story, strict=True))
    if not has_all or all(in_title) or all(in_story):
        return False
    own = frozenset().union(*(part.sounds for part in name))
    return not any(
        heard.is_goods(place) and sound(word) not in own
        for heard in (above, below)
        for place, word in enumerate(heard.words)
    )


def _held(found: Sequence[Use], names: Mapping[int, str], free: Iterable[int]) -> list[Use]:
    """Each name once, without those that may be used and what stands inside them."""
    allowed_parts = {variants(names[key]) for key in set(free) if key in names}
    free_places = [use.places for use in found if variants(use.name) in allowed_parts]
    held: dict[tuple[Name, ...], Use] = {}
    for use in found:
        if not any(use.places <= places for places in free_places):
            held.setdefault(variants(use.name), use)
    return list(held.values())


@lru_cache(maxsize=4)
def _index(names: frozenset[tuple[int, str]]) -> dict[str, set[int]]:
    """Which names a text may use at all in which one of these sounds or skeletons stands: by what is not goods."""
    found: dict[str, set[int]] = {}
    for key, name in names:
        for variant in variants(name):
            part = next(part for part in variant if not part.is_goods)
            for sign in (*part.sounds, *(f"-{long}" for long in part.bones)):
                found.setdefault(sign, set()).add(key)
    return found


def _near(heard: Heard, index: Mapping[str, set[int]]) -> list[int]:
    return sorted(set().union(*(index.get(sign, ()) for sign in heard.where)))


def _places(names: Sequence[Name], heard: Heard, *, is_title: bool) -> list[frozenset[int]]:
    found = []
    for name in names:
        standing = [_standing(part, heard.where) for part in name]
        if all(standing):
            place = _together(standing, heard, is_title=is_title)
            if place is not None:
                found.append(place)
    return found


def _standing(part: Part, where: Mapping[str, list[int]]) -> set[int]:
    exact = {place for heard in part.sounds for place in where.get(heard, ())}
    return exact | {place for long in part.bones for place in where.get(f"-{long}", ())}


def _together(standing: Sequence[set[int]], heard: Heard, *, is_title: bool) -> frozenset[int] | None:
    """Places at which every part stands, each on a word of its own, in one sentence and close; None where nowhere."""
    width = len(standing) + (MOST_FOREIGN_WORDS if len(standing) > 1 else 0)
    for start in sorted(set().union(*standing)):
        window = range(start, start + width)
        if FULL_STOP in heard.words[start : start + width]:
            end = heard.words.index(FULL_STOP, start)
            window = range(start, end)
        chosen: set[int] = set()
        for places in standing:
            free = [place for place in window if place in places and place not in chosen]
            if not free:
                break
            chosen.add(free[0])
        else:
            if _belong(chosen, heard) and (is_title or not _denied(chosen, heard)):
                return frozenset(chosen)
    return None


def _belong(chosen: set[int], heard: Heard) -> bool:
    """Whether nothing else stands between that the name could be said of: "Darjeeling first flush tea"."""
    first, last = min(chosen), max(chosen)
    own_lists = {heard.lists[place] for place in chosen if place in heard.lists}
    between = [
        place
        for place in range(first, last)
        if place not in chosen and heard.lists.get(place) not in own_lists
    ]
    inside = range(first + 1, last + 1)
    if between and any(place in heard.lines for place in inside):
        return False
    if any(heard.words[place] in ADDRESS for place in between):
        return False
    has_comma = any(place in heard.commas for place in inside)
    if has_comma and (_has_goods(first - 1, first, heard) or _has_goods(last + 1, last + 1, heard)):
        # "Honey of the Naga hills, cucumber": the origin is said of other goods.
        return False
    if not any(heard.is_goods(place) for place in between):
        return True
    return len(between) <= FOREIGN_WORDS and not has_comma


def _has_goods(place: int, border: int, heard: Heard) -> bool:
    """Whether goods stand there, in no list, with no comma at the border to them."""
    is_near = place >= 0 and border not in heard.commas and place not in heard.lists
    return is_near and heard.is_goods(place)


def _denied(chosen: set[int], heard: Heard) -> bool:
    """Whether the text says that its goods are not these, or go beside them: "unlike Darjeeling tea", "serve with"."""
    first, last = min(chosen), max(chosen)
    before = heard.words[max(0, first - 2) : first]
    if before[-1:] and before[-1] in DENIALS and before[0] not in NO_DENIALS:
        return True
    if any(heard.words[place] in DENIALS for place in range(first, last)):
        return True
    if BESIDE in heard.words[max(0, first - 1 - _BESIDE_WORDS) : first]:
        return True
    return heard.words[last + 1] in DENIALS_AFTER

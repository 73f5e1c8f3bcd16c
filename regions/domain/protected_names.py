"""Whether a text uses a protected name of origin: in other spellings, scripts, orders of words, or translated.

A name is used where all that makes it up stands together: "Lakadong turmeric", "haldi from Lakadong", "लाकाडोंग हल्दी".
What the goods are called anywhere, "turmeric" or "हल्दी", is free, and so is the place without the goods.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from regions.domain.goods_words import ALIKE, GOODS, LOOSE, PARTING, STOP, WRITTEN
from regions.domain.spelling import FULL_STOP, bones, full_sound, sound, words

# Of a name of several words at most so many others may stand between; more where none of them is another kind of goods.
FOREIGN_WORDS = 1
MOST_FOREIGN_WORDS = 3
_SHORTEST_NAME = 5
_SHORTEST_BONES = 4


@dataclass(frozen=True)
class Part:
    """One thing that a name is made of. sounds: any of them will do; bones: looser, for long words."""

    sounds: frozenset[str]
    bones: frozenset[str]
    is_goods: bool


Name = tuple[Part, ...]


@dataclass(frozen=True)
class Use:
    """A protected name that a text uses. key: of the name; places: which words of the text."""

    key: int
    name: str
    places: frozenset[int]


def uses(text: str, names: Mapping[int, str], *, free: Iterable[int] = ()) -> list[Use]:
    """The protected names that a text uses, without those that may be used.

    names: by key. free: keys of names that may be used; a shorter name inside such a use is free as well, and so is
    the same name under another key.
    """
    heard, where = _heard(text)
    index = _index(frozenset(names.items()))
    near = set().union(*(index.get(sign, ()) for sign in where))
    found = [
        Use(key, name, places)
        for key, name in names.items()
        if key in near
        for places in _places(variants(name), heard, where)
    ]
    allowed = set(free)
    allowed_parts = {variants(names[key]) for key in allowed if key in names}
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


@cache
def variants(name: str) -> tuple[Name, ...]:
    """What a registered name is made of: as it stands, and as its brackets say it: "Erode Manjal (Erode Turmeric)"."""
    if name in WRITTEN:
        return tuple(_parts(spelling) for spelling in WRITTEN[name])
    outside = re.sub(r"\([^)]*\)|/.*", " ", name)
    inside = [
        part
        for bracket in re.findall(r"\(([^)]*)\)", name)
        for part in re.split(r"/| or ", bracket, flags=re.I)
    ]
    inside += re.findall(r"/(.*)", re.sub(r"\([^)]*\)", " ", name))
    first = _content(outside)[:1]
    spellings = [outside, *(_of_origin(part, first) for part in inside if first)]
    found = [_parts(spelling) for spelling in dict.fromkeys(spellings)]
    return tuple(dict.fromkeys(part for part in found if part))


def _of_origin(bracket: str, first: Sequence[str]) -> str:
    """What a bracket says of the same origin: "Erode Turmeric" as it stands, "Red Rice" with the place before it."""
    own = {sound(word) for word in _content(bracket)}
    return bracket if own & {sound(word) for word in first} else f"{first[0]} {bracket}"


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word != FULL_STOP and word not in STOP | PARTING]


def _parts(spelling: str) -> Name:
    content = _content(_core(spelling))
    tight = [word for word in content if word not in LOOSE]
    # "Salem Fabric" needs both its words; "Bastar Iron Craft" is itself without the last.
    kept = tight if len(tight) > 1 or len(content) == 1 else content
    parts: list[Part] = []
    for word in kept:
        part = _part(word)
        if part.is_goods and parts and parts[-1].is_goods and _is_list(spelling):
            # "Sarees and Fabrics": either.
            parts[-1] = Part(parts[-1].sounds | part.sounds, frozenset(), is_goods=True)
        elif part not in parts:
            parts.append(part)
    if len(parts) == 1 and not parts[0].is_goods:
        # One word is a name by itself only when it is heard to its end.
        alike = parts[0].sounds if len(parts[0].sounds) > 1 else ()
        parts[0] = Part(frozenset({f"={full_sound(kept[0])}", *alike}), parts[0].bones, is_goods=False)
    # Goods alone are nobody's name.
    return tuple(parts) if any(not part.is_goods for part in parts) else ()


def _core(spelling: str) -> str:
    """Without the place that a name ends with, where a name of its own stands before: "Muga Silk of Assam"."""
    before, of, _place = spelling.partition(" of ")
    content = [word for word in _content(before) if word not in LOOSE]
    own = [word for word in content if not _part(word).is_goods and len(word) > 3]
    return before if of and len(content) > 1 and own and own[0].lower() not in _PLAIN else spelling


def _is_list(spelling: str) -> bool:
    return bool(re.search(r"&|\band\b", spelling, flags=re.I))


@cache
def _part(word: str) -> Part:
    heard = sound(word)
    for meaning in _GOODS:
        if heard in meaning:
            return Part(meaning, frozenset(), is_goods=True)
    for meaning in _ALIKE:
        if heard in meaning:
            looser = frozenset(filter(_is_long, map(bones, meaning)))
            return Part(meaning, looser, is_goods=False)
    long = bones(word)
    return Part(frozenset({heard}), frozenset({long} if _is_long(long) else ()), is_goods=False)


def _is_long(skeleton: str) -> bool:
    return len(skeleton) >= _SHORTEST_BONES


def _heard(text: str) -> tuple[list[str], dict[str, list[int]]]:
    """The words of a text without those passed over, and where each sound and each skeleton stands."""
    kept = [FULL_STOP if word in PARTING else word for word in _read(text) if word not in STOP]
    where: dict[str, list[int]] = {}
    for place, word in enumerate(kept):
        if word == FULL_STOP:
            continue
        where.setdefault(sound(word), []).append(place)
        where.setdefault(f"-{bones(word)}", []).append(place)
        where.setdefault(f"={full_sound(word)}", []).append(place)
    return kept, where


def _read(text: str) -> list[str]:
    """The words of a text; after it once more without hyphens, and words that are a name and its goods in one, parted."""
    read = words(text)
    joined = _HYPHEN.sub("", text)
    if joined != text:
        read += words(joined)
    for word in dict.fromkeys(read):
        for goods in _GOODS_WORDS:
            if word.endswith(goods) and len(word) >= len(goods) + _SHORTEST_NAME:
                read += [word.removesuffix(goods), goods, FULL_STOP]
    return read


def _places(
    names: Sequence[Name], heard: Sequence[str], where: Mapping[str, list[int]]
) -> list[frozenset[int]]:
    found = []
    for name in names:
        standing = [_standing(part, where) for part in name]
        if all(standing):
            place = _together(standing, heard)
            if place is not None:
                found.append(place)
    return found


def _standing(part: Part, where: Mapping[str, list[int]]) -> set[int]:
    exact = {place for heard in part.sounds for place in where.get(heard, ())}
    return exact | {place for long in part.bones for place in where.get(f"-{long}", ())}


def _together(standing: Sequence[set[int]], heard: Sequence[str]) -> frozenset[int] | None:
    """Places at which every part stands, each on a word of its own, in one sentence and close; None where nowhere."""
    width = len(standing) + (MOST_FOREIGN_WORDS if len(standing) > 1 else 0)
    for start in sorted(set().union(*standing)):
        window = range(start, start + width)
        if FULL_STOP in heard[start : start + width]:
            end = heard.index(FULL_STOP, start)
            window = range(start, end)
        chosen: set[int] = set()
        for places in standing:
            free = sorted((places & set(window)) - chosen)
            if not free:
                break
            chosen.add(free[0])
        else:
            if _belong(chosen, heard):
                return frozenset(chosen)
    return None


def _belong(chosen: set[int], heard: Sequence[str]) -> bool:
    """Whether nothing else stands between that the name could be said of: "Darjeeling first flush tea"."""
    between = [heard[place] for place in range(min(chosen), max(chosen)) if place not in chosen]
    return len(between) <= FOREIGN_WORDS or not any(sound(word) in _ALL_GOODS for word in between)


def _meanings(lines: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(sound, line.split())) for line in lines.strip().splitlines())


_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011\u2012\u2013](?=\w)")
# A plural of a short word keeps its sign in the sound: "teas".
_GOODS = tuple(
    meaning | {sound(f"{word}s") for word in line.split()}
    for meaning, line in zip(_meanings(GOODS), GOODS.strip().splitlines(), strict=True)
)
_ALL_GOODS = frozenset().union(*_GOODS)
_GOODS_WORDS = (*(word for word in GOODS.split() if len(word) > 3), "tea")
_ALIKE = _meanings(ALIKE)
# Words before "of" that describe and name nothing.
_PLAIN_WORDS = """
blue bell black temple screw brass agates kathputlis pine ganjifa cards applique khatwa gamosa patchwork
wrought monsooned filigree broidered padauk
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())

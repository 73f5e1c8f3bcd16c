"""What a registered name of origin is made of: its origin, and the goods that it is said of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from regions.domain.goods_words import ALIKE, GOODS, LOOSE, PARTING, STOP, WRITTEN
from regions.domain.spelling import FULL_STOP, bones, full_sound, sound, words

_SHORTEST_BONES = 4


@dataclass(frozen=True)
class Part:
    """One thing that a name is made of. sounds: any of them will do; bones: looser, for long words."""

    sounds: frozenset[str]
    bones: frozenset[str]
    is_goods: bool


Name = tuple[Part, ...]


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


def _meanings(lines: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(sound, line.split())) for line in lines.strip().splitlines())


# A plural of a short word keeps its sign in the sound: "teas".
_GOODS = tuple(
    meaning | {sound(f"{word}s") for word in line.split()}
    for meaning, line in zip(_meanings(GOODS), GOODS.strip().splitlines(), strict=True)
)
ALL_GOODS = frozenset().union(*_GOODS)
_ALIKE = _meanings(ALIKE)
# Words before "of" that describe and name nothing.
_PLAIN_WORDS = """
blue bell black temple screw brass agates kathputlis pine ganjifa cards applique khatwa gamosa patchwork
wrought monsooned filigree broidered padauk
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())

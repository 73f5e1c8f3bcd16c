"""Spellings that stand for the same word: scripts written in Latin letters, long vowels, breaths, endings."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from regions.domain.goods_words import TIBETAN, TIBETAN_STOP

FULL_STOP = "."
UNKNOWN = "?"
_VIRAMA, _NUKTA = 0x094D, 0x093C
_LETTERS = """
क k ख kh ग g घ gh ङ ng च ch छ chh ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ ph ब b भ bh
म m य y र r ल l व v श sh ष sh स s ह h ळ l
"""
_LONE_VOWELS = "अ a आ aa इ i ई ee उ u ऊ oo ऋ ri ए e ऐ ai ओ o औ au ऑ o"
_VOWEL_SIGNS = "\u093e aa \u093f i \u0940 ee \u0941 u \u0942 oo \u0943 ri \u0947 e \u0948 ai \u094b o \u094c au \u0949 o \u0902 n \u0901 n \u0903 h"


def _pairs(line: str) -> dict[str, str]:
    parts = line.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


_CONSONANTS, _VOWELS, _SIGNS = _pairs(_LETTERS), _pairs(_LONE_VOWELS), _pairs(_VOWEL_SIGNS)
_ENDS = re.compile(r"[.;!?|\n।॥།༎]")
_BREATHS = (
    ("chh", "C"), ("ch", "C"), ("sh", "s"), ("ph", "f"), ("bh", "b"), ("dh", "d"), ("th", "t"), ("kh", "k"),
    ("gh", "g"), ("jh", "j"), ("ck", "k"), ("zh", "l"), ("qu", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "j"),
    ("c", "k"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("y", "i"),
)  # fmt: skip
_SHORTEST_STEM = 4
# Between a small and a large letter one word ends: "LakadongTurmeric".
_HASHTAG = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Greek and Cyrillic letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"
    "\u03b1\u03bf\u03b9\u03bd\u03c1\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "acdehijopsxyABCEHIJKMOPSTXYaoivpABEZHIKMNOPTYX",
)
# Of possession, straight and curled.
_MARKS = {0x2019: None, 0x27: None}


def words(text: str) -> list[str]:
    """The words of a text in Latin letters and lower case, FULL_STOP between sentences.

    Devanagari is spelled out; of Tibetan script known words are, others are UNKNOWN each.
    """
    found: list[str] = []
    for sentence in _ENDS.split(_plain(text)):
        found += [*_words_of(sentence), FULL_STOP]
    return found


@cache
def sound(word: str) -> str:
    """How a word sounds, roughly: "Darjeeling" and "darjiling", "saree" and "sari" are one. word: Latin, lower case."""
    word = full_sound(word)
    # Of a place and from a place: "Kolhapur", "Kolhapuri"; "Goa", "Goan" are listed.
    return word.rstrip("aeiou") if len(word.rstrip("aeiou")) >= _SHORTEST_STEM else word


@cache
def full_sound(word: str) -> str:
    """The same with its last vowel, for names of one word: "Porto" is no port."""
    for written, heard in _BREATHS:
        word = word.replace(written, heard)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("s") else word


@cache
def bones(word: str) -> str:
    """The consonants of a word's sound, and its first letter: "Lakadong", "Laakadang" -> "lkdng"."""
    heard = sound(word)
    return heard[:1] + re.sub(r"[aeiouh]", "", heard[1:])


def _plain(text: str) -> str:
    # Marks of Latin letters are dropped; those of other scripts are vowels.
    spread = unicodedata.normalize("NFKD", _HASHTAG.sub(" ", text)).translate(_LOOKALIKES)
    # Zero-width signs and soft hyphens are seen by nobody and would part a word.
    spread = "".join(letter for letter in spread if unicodedata.category(letter) != "Cf")
    return "".join(letter for letter in spread if not "̀" <= letter <= "ͯ").translate(_MARKS).lower()


def _words_of(sentence: str) -> Iterator[str]:
    for piece in re.findall(r"[a-z]+|[ऀ-ॿ]+|[ༀ-࿿]+", sentence):
        if piece[0] <= "z":
            yield piece
        elif piece[0] <= "ॿ":
            yield _devanagari(piece)
        else:
            yield from _tibetan(piece)


def _devanagari(word: str) -> str:
    written = ""
    for place, letter in enumerate(word):
        if letter in _CONSONANTS:
            after = word[place + 1 : place + 2]
            if ord(after or " ") == _NUKTA:
                after = word[place + 2 : place + 3]
            # The vowel that no sign stands for is heard between consonants and not at the end.
            is_open = bool(after) and after not in _SIGNS and ord(after) != _VIRAMA
            is_open = is_open or (after in "ंँ" and bool(after))
            written += _CONSONANTS[letter] + ("a" if is_open else "")
        else:
            written += _VOWELS.get(letter, _SIGNS.get(letter, ""))
    return written


def _tibetan(piece: str) -> Iterator[str]:
    syllables = [part.removesuffix("འི") for part in re.split("[་༌]", piece) if part]
    longest = max(len(known.split("་")) for known in TIBETAN)
    place = 0
    while place < len(syllables):
        for length in range(longest, 0, -1):
            known = TIBETAN.get("་".join(syllables[place : place + length]))
            if known and place + length <= len(syllables):
                yield from known.split()
                place += length
                break
        else:
            if syllables[place] not in TIBETAN_STOP:
                yield UNKNOWN
            place += 1

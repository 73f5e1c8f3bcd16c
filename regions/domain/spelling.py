"""Spellings that stand for the same word: scripts written in Latin letters, long vowels, breaths, endings."""

import re
from collections.abc import Iterator
from functools import lru_cache

from regions.domain.disguises import plain, undisguised
from regions.domain.goods_words import TIBETAN, TIBETAN_STOP
from regions.domain.thai_words import THAI

FULL_STOP = "."
COMMA = ","
LINE = "\n"
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
_MARKED = re.compile(
    r"(?P<latin>[a-z]+)|(?P<indic>[\u0900-\u0963\u0966-\u0d7f]+)|(?P<thai>[\u0e01-\u0e7f]+)"
    r"|(?P<tibetan>(?:(?![།༎])[\u0f00-\u0fff])+)|(?P<end>[.;!?|।॥།༎])|(?P<comma>[,:()/\u2013\u2014])|(?P<line>\n)"
)
_BREATHS = (
    ("chh", "C"), ("ch", "C"), ("sh", "s"), ("ph", "f"), ("bh", "b"), ("dh", "d"), ("th", "t"), ("kh", "k"),
    ("gh", "g"), ("jh", "j"), ("ck", "k"), ("zh", "l"), ("qu", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "j"),
    ("c", "k"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("y", "i"),
)  # fmt: skip
_SHORTEST_STEM = 4
# Between a small and a large letter one word ends: "LakadongTurmeric".
_HASHTAG = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BULLET = re.compile(r"[-*•·\u2013\u2014]|\d{1,3}[.)]")
# A line of so few words is a heading, and what comes below it is its sentence.
_HEADING_WORDS = 3
# The scripts of India lie in Unicode one below the other, letter beside letter.
_INDIC_FIRST, _INDIC_SIZE = 0x0900, 0x80
# What is a nasal vowel in Devanagari is heard as "ng" in Bengali and Assamese.
_BENGALI_NG = ("\u0982", "\u0999\u09cd")
# Longer ones are no words, and would be kept by the caches below.
_LONGEST_WORD = 80
_KEPT_WORDS = 20_000
_LONGEST_THAI = max(map(len, THAI))


def words(text: str) -> list[str]:
    """The words of a text in Latin letters and lower case, FULL_STOP between sentences.

    The scripts of India are spelled out; of Tibetan and Thai known words are, others are UNKNOWN each.
    """
    return [word for word in marked_words(_HASHTAG.sub(" ", plain(text))) if word not in {COMMA, LINE}]


def readings(text: str) -> Iterator[list[str]]:
    """The words of a text as marked_words gives them, in each way in which it may be read."""
    letters = plain(text)
    yield marked_words(_HASHTAG.sub(" ", letters))
    for reading in undisguised(letters):
        yield marked_words(reading)


def marked_words(letters: str) -> list[str]:
    """The same of letters that are plain, with COMMA and LINE where they stand; ends with FULL_STOP."""
    found: list[str] = []
    for piece in _MARKED.finditer(_in_lines(letters).lower()):
        match piece.lastgroup:
            case "latin":
                found.append(piece[0][:_LONGEST_WORD])
            case "indic":
                found.append(_devanagari(piece[0][:_LONGEST_WORD]))
            case "tibetan":
                found += _tibetan(piece[0])
            case "thai":
                found += _thai(piece[0])
            case "end":
                found.append(FULL_STOP)
            case "comma":
                found.append(COMMA)
            case _:
                found.append(LINE)
    return [*found, FULL_STOP]


def _in_lines(text: str) -> str:
    """With one line break where a sentence may go on, and a full stop before the points of a list and new paragraphs."""
    written: list[str] = []
    words_before, is_parted = 0, False
    for line in map(str.strip, text.splitlines()):
        if not line:
            is_parted = True
            continue
        ends = bool(_BULLET.match(line)) or (is_parted and words_before > _HEADING_WORDS)
        written += [". " if ends else "\n", line]
        words_before, is_parted = len(line.split()), False
    return "".join(written[1:])


@lru_cache(maxsize=_KEPT_WORDS)
def sound(word: str) -> str:
    """How a word sounds, roughly: "Darjeeling" and "darjiling", "saree" and "sari" are one. word: Latin, lower case."""
    word = full_sound(word)
    # Of a place and from a place: "Kolhapur", "Kolhapuri"; "Goa", "Goan" are listed.
    return word.rstrip("aeiou") if len(word.rstrip("aeiou")) >= _SHORTEST_STEM else word


@lru_cache(maxsize=_KEPT_WORDS)
def full_sound(word: str) -> str:
    """The same with its last vowel, for names of one word: "Porto" is no port."""
    for written, heard in _BREATHS:
        word = word.replace(written, heard)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("s") else word


@lru_cache(maxsize=_KEPT_WORDS)
def bones(word: str) -> str:
    """The consonants of a word's sound, and its first letter: "Lakadong", "Laakadang" -> "lkdng"."""
    heard = sound(word)
    return heard[:1] + re.sub(r"[aeiouh]", "", heard[1:])


def _devanagari(word: str) -> str:
    written = ""
    word = word.replace(*_BENGALI_NG)
    word = "".join(chr(_INDIC_FIRST + (ord(letter) - _INDIC_FIRST) % _INDIC_SIZE) for letter in word)
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


def _thai(piece: str) -> Iterator[str]:
    """Thai has no spaces between words: the longest known word at each place, UNKNOWN for what lies between two."""
    place, is_unknown = 0, False
    while place < len(piece):
        for length in range(_LONGEST_THAI, 0, -1):
            known = THAI.get(piece[place : place + length])
            if known is not None:
                yield from known.split()
                place, is_unknown = place + length, False
                break
        else:
            if not is_unknown:
                yield UNKNOWN
            place, is_unknown = place + 1, True

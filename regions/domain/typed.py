"""What somebody has typed, taken apart: words of any script, what they mean elsewhere, and how they sound."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from regions.domain import search_words
from regions.domain.goods_words import TIBETAN, TIBETAN_STOP
from regions.domain.same_goods import other_words
from regions.domain.spelling import UNKNOWN, bones, sound, words
from regions.domain.thai_words import THAI

MAX_LETTERS = 200
MAX_TERMS = 12
_LONGEST_PHRASE = 3
_LONGEST_WORD = 40
# From so many consonants on they tell a word of a script of India, whose vowels nobody writes alike.
_SHORTEST_BONES = 4
_RUNS = re.compile(
    r"(?P<tibetan>[\u0f00-\u0fff]+)|(?P<thai>[\u0e01-\u0e7f]+)"
    r"|(?P<word>(?:(?![\u0e00-\u0fff])[\w\u0900-\u0dff'\u2019])+)"
)
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Term:
    """One thing that a listing must say. typed: as it was typed, in small letters, or "" when it came out of a longer word.

    own: other ways to write the very same, such as a plural; others: words for the same goods; each a word or several beside
    each other. sounds, bones: how a word sounds, to be looked for among the words of listings.
    """

    typed: str
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    bones: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """What the term itself may be written as."""
        return tuple(dict.fromkeys(form for form in (self.typed, *self.own) if form))


def cleaned(text: str) -> str:
    """The text without what nobody sees (signs of direction, controls, joiners), in one encoding, cut to MAX_LETTERS."""
    seen = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in unicodedata.normalize("NFC", text[: MAX_LETTERS * 2])
        if unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(seen.split())[:MAX_LETTERS]


def terms(text: str) -> tuple[Term, ...]:
    """What must be said, in the order in which it was typed; empty when nothing but signs was.

    Words that are passed over ("of", "का", "གི") count only where there is nothing else, single Latin letters and digits never.
    """
    found = list(_split(cleaned(text).lower()))
    found = [term for term in found if not (len(term.typed) == 1 and term.typed.isascii())]
    telling = [term for term in found if not _is_passed_over(term)]
    return tuple(_with_phrases(telling or found)[:MAX_TERMS])


def _split(text: str) -> Iterator[Term]:
    for run in _RUNS.finditer(text):
        if run.lastgroup == "tibetan":
            yield from _tibetan(run[0])
        elif run.lastgroup == "thai":
            yield from _thai(run[0])
        elif (word := run[0].strip("'\u2019_")) and any(map(str.isalnum, word)):
            yield _word(word[:_LONGEST_WORD])


def _word(word: str) -> Term:
    if _LATIN.fullmatch(word):
        return Term(word, _numbers(word), tuple(other_words(word)), (sound(word),))
    spelled = [each for each in words(word) if each.isalpha() and each.isascii()]
    if word.isascii() or not spelled:
        return Term(word, others=tuple(other_words(word)))
    heard = [each for each in spelled if each != UNKNOWN]
    skeletons = tuple(bone for bone in map(bones, heard) if len(bone) >= _SHORTEST_BONES)
    return Term(word, others=tuple(other_words(word)), sounds=tuple(map(sound, heard)), bones=skeletons)


def _numbers(word: str) -> tuple[str, ...]:
    """One and many of an English word."""
    if len(word) < 4:
        return ()
    if word.endswith("ies"):
        return (f"{word[:-3]}y",)
    if word.endswith("s"):
        return (word[:-1], word[:-2]) if word.endswith(("hes", "oes", "xes", "ses")) else (word[:-1],)
    return (f"{word}s", f"{word}es") if word.endswith(("h", "o", "x")) else (f"{word}s",)


def _meant(meaning: str) -> Iterator[Term]:
    """Terms of an entry of a dictionary: "red rice" are two, "datshi/cheese" is one of either."""
    for part in meaning.split():
        first, *rest = part.split("/")
        yield Term("", (first, *_numbers(first)), (*rest, *other_words(first)))


def _tibetan(piece: str) -> Iterator[Term]:
    # A name keeps its last syllable without the sign of possession.
    syllables = [part.removesuffix("འི") for part in re.split(r"[་༌།-༔\s]", piece) if part]
    unknown: list[str] = []
    place = 0
    while place < len(syllables):
        length = next(
            (size for size in range(_longest(), 0, -1) if _known(syllables[place : place + size])), 0
        )
        if not length and syllables[place] not in TIBETAN_STOP:
            unknown.append(syllables[place])
        elif unknown:
            yield Term("་".join(unknown))
            unknown = []
        if length:
            yield from _tibetan_goods(syllables[place : place + length])
        place += length or 1
    if unknown:
        yield Term("་".join(unknown))


def _tibetan_goods(syllables: Sequence[str]) -> Iterator[Term]:
    found = list(_meant(_known(syllables)))
    # A listing may say it in its own script too.
    if len(found) == 1:
        found[0] = replace(found[0], typed="་".join(syllables))
    yield from found


def _known(syllables: Sequence[str]) -> str:
    key = "་".join(syllables)
    return search_words.TIBETAN.get(key) or TIBETAN.get(key, "")


@cache
def _longest() -> int:
    return max(len(key.split("་")) for key in (*search_words.TIBETAN, *TIBETAN))


def _thai(piece: str) -> Iterator[Term]:
    known = _thai_words()
    letters = unicodedata.normalize("NFKD", piece)
    longest = max(map(len, known))
    unknown, place = "", 0
    while place < len(letters):
        length = next((size for size in range(longest, 0, -1) if letters[place : place + size] in known), 0)
        if not length:
            unknown += letters[place]
        elif unknown:
            yield Term(unicodedata.normalize("NFC", unknown))
            unknown = ""
        if length:
            yield from _meant(known[letters[place : place + length]])
        place += length or 1
    if unknown:
        # Vowels of two signs are written as listings write them.
        yield Term(piece if unknown == letters else unicodedata.normalize("NFC", unknown))


@cache
def _thai_words() -> Mapping[str, str]:
    own = {
        unicodedata.normalize("NFKD", word): meaning.replace("|", " ")
        for word, meaning in search_words.THAI.items()
    }
    return {**THAI, **own}


def _is_passed_over(term: Term) -> bool:
    spelled = [term.typed] if term.typed.isascii() else [each for each in words(term.typed) if each.isalpha()]
    return bool(term.typed) and bool(spelled) and all(each in search_words.PASSED_OVER for each in spelled)


def _with_phrases(found: Sequence[Term]) -> list[Term]:
    """The terms with those that mean something else together put into one for each word of what they mean."""
    whole: list[Term] = []
    place = 0
    while place < len(found):
        for size in range(min(_LONGEST_PHRASE, len(found) - place), 1, -1):
            part = found[place : place + size]
            meaning = _phrases().get(tuple(_heard(term) for term in part))
            if meaning:
                typed = " ".join(term.typed for term in part)
                whole.append(Term(typed, own=(meaning, *_in_any_word(meaning))))
                place += size
                break
        else:
            whole.append(found[place])
            place += 1
    return whole


def _in_any_word(meaning: str) -> Iterator[str]:
    """The same phrase with other words for its last one: "red rice", "red chawal"."""
    *before, last = meaning.split()
    return (" ".join((*before, other)) for other in other_words(last))


def _heard(term: Term) -> str:
    return term.sounds[0] if len(term.sounds) == 1 else term.typed


@cache
def _phrases() -> Mapping[tuple[str, ...], str]:
    lines = (line.split(" = ") for line in search_words.PHRASES.strip().splitlines())
    return {tuple(map(sound, typed.split())): meaning for typed, meaning in lines}

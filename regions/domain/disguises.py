"""Letters in disguise: look-alikes of other alphabets, signs and digits for letters, signs between the letters."""

# ruff: noqa: RUF001 (the letters that look alike are what is told apart)

import re
import unicodedata

# Greek, Cyrillic and phonetic letters that look like Latin ones.
_LIKE = {
    "a": "аαɑᴀΑА", "b": "ВΒʙьв", "c": "сСϲᴄ", "d": "ԁᴅɖđ", "e": "еЕΕεᴇєё", "f": "ꜰƒ", "g": "ɡɢԍ", "h": "һНΗʜн",
    "i": "іІΙιɪıΐї", "j": "јЈᴊϳ", "k": "кКΚκᴋ", "l": "ʟłӏⅼ", "m": "МΜᴍм", "n": "ΝηᴎɴпΠ", "o": "оОΟοᴏøσ", "p": "рРΡρᴘ",
    "q": "ԛ", "r": "гʀᴦ", "s": "ѕЅꜱ", "t": "тТΤτᴛ", "u": "υµμᴜц", "v": "νѵᴠ", "w": "ԝωшᴡ", "x": "хХΧχ", "y": "уУΥγʏ",
    "z": "ΖᴢЗ",
}  # fmt: skip
_LOOKALIKES = {ord(letter): latin for latin, letters in _LIKE.items() for letter in letters}
# White letters in a black circle or square; Unicode does not take them apart.
for _first in (0x1F150, 0x1F170):
    _LOOKALIKES |= {_first + place: chr(ord("a") + place) for place in range(26)}
# Of possession, straight and curled.
_MARKS = {0x2019: None, 0x27: None}

_SIGNS = {"4": "a", "@": "a", "3": "e", "0": "o", "5": "s", "$": "s", "7": "t", "8": "b", "!": "i", "1": "i"}
# A digit beside a letter; other signs where they cannot be the end of a word.
_SIGN = re.compile(r"(?<=[a-z])[1345780]|[1345780](?=[a-z])|(?<=[a-z])[@$!](?=[a-z])|(?<![^\s])[@$](?=[a-z])")
_ONE = re.compile(r"(?<=[a-z])1|1(?=[a-z])")
_HYPHENATED = re.compile(r"(?<=[a-zA-Z])[-\u2010\u00ad]\s{0,3}\n\s{0,3}(?=[a-z])")
# Between two letters of one word; a full stop only before a small letter, and what parts a list never.
_INSIDE = re.compile(
    r"(?<=[a-zA-Z])(?:[^\w\s.,;:!?&/+()\[\]@$]{1,3}|_{1,3}|[.;!?]{1,3}(?=[a-z]))(?=[a-zA-Z])"
)
_SPACED = re.compile(r"(?<![a-z])[a-z](?:[^a-z0-9]{1,5}[a-z]){3,}(?![a-z])")
_LATIN = re.compile(r"[^a-z]+")


def plain(text: str) -> str:
    """The letters of a text without accents, look-alikes and signs that nobody sees; large letters stay large."""
    # Marks of Latin letters are dropped; those of other scripts are vowels.
    spread = unicodedata.normalize("NFKD", text).translate(_LOOKALIKES)
    # Zero-width signs and soft hyphens would part a word.
    seen = "".join(letter for letter in spread if unicodedata.category(letter) != "Cf")
    return "".join(letter for letter in seen if not "̀" <= letter <= "ͯ").translate(_MARKS)


def undisguised(letters: str) -> list[str]:
    """How else a text may be read, in small letters; none where nothing is disguised.

    letters: as plain() makes them. "L.a.k.a.d.o.n.g", "L a k a d o n g", "Laka-dong", "Lak4dong" and "LaKaDong" are one.
    """
    joined = _INSIDE.sub("", _HYPHENATED.sub("", letters)).lower()
    readings = [_joined(_SIGN.sub(lambda sign: _SIGNS[sign[0]], joined))]
    if _ONE.search(joined):
        readings.append(_joined(_SIGN.sub(lambda sign: _SIGNS[sign[0]], _ONE.sub("l", joined))))
    return [read for read in dict.fromkeys(readings) if read != letters]


def _joined(letters: str) -> str:
    return _SPACED.sub(lambda run: _LATIN.sub("", run[0]), letters)

"""What somebody means who types words: the same goods in other languages, and words written nearly right."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection

from catalogue.models import SearchWord
from regions.domain.same_goods import other_words

MAX_LETTERS = 200
MAX_WORDS = 12
# How like a word of titles must be, 0 to 1 by trigrams; how like one word must be to be taken for another, 0 to 1 by letters.
LIKENESS = 0.4
_LIKENESS_OF_LETTERS = 0.7
_SHORTEST = 3
Asked = SearchQuery | CombinedSearchQuery
# For each typed word those of the index that are most like it by trigrams, which know nothing of the order of letters.
_NEAREST = """
SELECT typed.word, near.word, near.uses
FROM unnest(%s::text[]) AS typed(word)
CROSS JOIN LATERAL (SELECT word, uses FROM {words} ORDER BY word <-> typed.word LIMIT 12) AS near
"""


def asked_for(words: str, *, is_unfinished: bool = False) -> Asked | None:
    """What to look for: each word or another one for the same goods. None where nothing was typed.

    Quotation marks and a minus mean what they mean everywhere; then words stand as typed. is_unfinished: the last word may
    be the beginning of one.
    """
    text = words[:MAX_LETTERS].replace("\0", " ")
    if '"' in text or re.search(r"(^|\s)-\w", text):
        return SearchQuery(text, config="simple", search_type="websearch")
    typed = text.split()[:MAX_WORDS]
    parts = [
        _word(word, is_begun=is_unfinished and place == len(typed)) for place, word in enumerate(typed, 1)
    ]
    found: Asked | None = None
    for part in parts:
        if part is not None:
            found = part if found is None else found & part
    return found


def nearly(words: str) -> str:
    """The words with those that no listing says put right as far as they can be; empty when that changes nothing. One query."""
    typed = words[:MAX_LETTERS].replace("\0", " ").lower().split()[:MAX_WORDS]
    doubtful = [word for word in typed if len(word) >= _SHORTEST and not other_words(word)]
    if not doubtful:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST.format(words=SearchWord._meta.db_table), [doubtful])
        near: Sequence[tuple[str, str, int]] = cursor.fetchall()
    best: dict[str, tuple[float, int, str]] = {}
    for word, other, uses in near:
        likeness = SequenceMatcher(None, word, other, autojunk=False).ratio()
        if likeness >= _LIKENESS_OF_LETTERS:
            best[word] = max(best.get(word, (0.0, 0, "")), (likeness, uses, other))
    right = [best[word][2] if word in best else word for word in typed]
    return "" if right == typed else " ".join(right)


def _word(word: str, *, is_begun: bool) -> Asked | None:
    # Signs part words for PostgreSQL too; of nothing but signs nothing is left to look for.
    letters = re.sub(r"[^\w\u0900-\u0dff\u0e00-\u0fff]+", " ", word).strip()
    if not letters:
        return None
    found: Asked = SearchQuery(letters, config="simple", search_type="phrase")
    if is_begun:
        begun = " <-> ".join([*(f"'{part}'" for part in letters.split()[:-1]), f"'{letters.split()[-1]}':*"])
        found = found | SearchQuery(begun, config="simple", search_type="raw")
    for other in other_words(letters):
        found = found | SearchQuery(other, config="simple", search_type="plain")
    return found

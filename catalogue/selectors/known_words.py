"""What the shop knows of words: those of listings, of places and of protected names, looked up in one statement."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from catalogue.models import SearchWord
from regions.domain.typed import Term
from regions.models import GeographicalIndication, Region, RegionAlias
from vendors.models import Certificate

_WORDS, _PLACES, _PROTECTED = (model._meta.db_table for model in (SearchWord, Region, GeographicalIndication))
_ALIASES, _CERTIFICATES = RegionAlias._meta.db_table, Certificate._meta.db_table
# For each typed word those of the index that are most like it by trigrams, which know nothing of the order of letters.
_NEAR = f"""
SELECT 'near', typed.word, near.word, '', near.uses::bigint
FROM jsonb_to_recordset(%(unsure)s::jsonb) AS typed (word text, forms text[], sounds text[], bones text[])
CROSS JOIN LATERAL (SELECT word, uses FROM {_WORDS} ORDER BY word <-> typed.word LIMIT 12) AS near
"""  # noqa: S608 - names of our own tables, here and below
_HEARD = f"""
WITH heard AS MATERIALIZED (
    SELECT word, sound, bones, uses FROM {_WORDS}
    WHERE word = ANY(%(words)s) OR sound = ANY(%(sounds)s) OR bones = ANY(%(bones)s)
), called AS MATERIALIZED (
    SELECT unnest(%(names)s::text[]) AS word UNION SELECT word FROM heard
), named AS (
    SELECT called.word, place.id FROM called JOIN {_PLACES} place ON lower(place.name) = called.word
    UNION SELECT called.word, place.id FROM called JOIN {_PLACES} place ON place.local_name = called.word
    UNION SELECT called.word, place.id FROM called JOIN {_PLACES} place ON lower(place.code) = called.word
    UNION SELECT called.word, other.region_id FROM called JOIN {_ALIASES} other ON lower(other.alias) = called.word
)
SELECT 'word', word, sound, bones, uses::bigint FROM heard
UNION ALL
SELECT DISTINCT 'place', named.word, lower(place.name), '', 0::bigint
FROM named JOIN {_PLACES} place USING (id) WHERE place.ended_on IS NULL
"""  # noqa: S608
_UNHEARD = """
WHERE NOT EXISTS (
    SELECT 1 FROM heard
    WHERE heard.word = ANY(typed.forms) OR heard.sound = ANY(typed.sounds) OR heard.bones = ANY(typed.bones)
)
"""
_BY_NAME = f"""
SELECT 'protected', lower(gi.name), '', '', gi.id FROM {_PROTECTED} gi
WHERE to_tsvector('simple', gi.name) @@ to_tsquery('simple', %(any)s)
    AND EXISTS (SELECT 1 FROM {_CERTIFICATES} held WHERE held.gi_id = gi.id)
"""  # noqa: S608
_BY_NUMBER = f"""
SELECT 'number', '', '', '', id FROM {_CERTIFICATES}
WHERE to_tsvector('simple', number) @@ plainto_tsquery('simple', %(text)s)
"""  # noqa: S608
Row = tuple[str, str, str, str, int]


@dataclass(frozen=True)
class Known:
    """What is known of the words of a text.

    words: of listings on sale: word, sound, bones, in how many listings; places: their names in small letters, by what was
    asked for; near: typed word, word of listings most like it by trigrams, its uses; protected: names that say any of the
    words, by key; numbered: keys of certificates whose number says the whole text.
    """

    words: Sequence[tuple[str, str, str, int]] = ()
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    near: Sequence[tuple[str, str, int]] = ()
    protected: Mapping[int, str] = field(default_factory=dict)
    numbered: Sequence[int] = ()


def known_words(
    terms: Sequence[Term],
    *,
    names: Collection[str],
    unsure: Sequence[Term] = (),
    halves: Iterable[str] = (),
    said: str = "",
    text: str = "",
) -> Known:
    """Look up what may be meant; one query, none where nothing is asked for.

    names: what places may be called, in small letters. unsure: terms for which words like them are wanted where no listing
    says them. halves: parts of words that may be two. said: what to_tsquery reads, for protected names that say any of it.
    text: for numbers of certificates, where it holds a digit.
    """
    words = {word for term in terms for form in (*term.forms, *term.others) for word in form.split()}
    if not words and not names:
        return Known()
    parts = [_HEARD]
    if unsure:
        parts.append(_NEAR + _UNHEARD)
    if said:
        parts.append(_BY_NAME)
    if any(map(str.isdigit, text)):
        parts.append(_BY_NUMBER)
    values: dict[str, Any] = {
        "words": [*words, *halves],
        "sounds": [heard for term in terms for heard in term.sounds],
        "bones": [bone for term in terms for bone in term.bones],
        "names": list(names),
        "unsure": _unsure(unsure),
        "any": said,
        "text": text,
    }
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return _known(cursor.fetchall())


def near_words(words: Iterable[str]) -> Sequence[tuple[str, str, int]]:
    """Words of listings that are most like these by trigrams: typed word, word of listings, its uses; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"unsure": json.dumps([{"word": word} for word in words])})
        return _known(cursor.fetchall()).near


def _unsure(terms: Iterable[Term]) -> str:
    rows = [
        {"word": term.typed, "forms": term.forms, "sounds": term.sounds, "bones": term.bones}
        for term in terms
    ]
    return json.dumps(rows)


def _known(rows: Sequence[Row]) -> Known:
    words: list[tuple[str, str, str, int]] = []
    near: list[tuple[str, str, int]] = []
    places: dict[str, list[str]] = {}
    protected: dict[int, str] = {}
    numbered: list[int] = []
    for what, first, second, third, number in rows:
        if what == "word":
            words.append((first, second, third, number))
        elif what == "near":
            near.append((first, second, number))
        elif what == "place":
            places.setdefault(first, []).append(second)
        elif what == "protected":
            protected[number] = first
        else:
            numbered.append(number)
    return Known(words, places, near, protected, numbered)

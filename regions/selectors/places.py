"""Finding places: by what somebody types, and by what lies near."""

import unicodedata
from dataclasses import dataclass
from math import cos, radians

from django.db import connection
from django.db.models import ExpressionWrapper, F, FloatField, Value

from regions.models import Region

_LONGEST = 60
_ENDINGS = "\u0f0b\u0f0d\u0964 "  # tsheg, shad, danda: signs that end a syllable or a sentence

# A place is found under its name, its name in the local script, its code and its other names. Rank: 0 the very word,
# 1 a word that begins so, 2 a later word that begins so, 3 a word that holds it, 4 a word spelt alike. Fifteen
# hundred words are read faster than an index is asked.
FIND = """
WITH words AS (
    SELECT id AS region_id, name AS word, '' AS alias FROM regions_region
    UNION ALL SELECT id, code, '' FROM regions_region
    UNION ALL SELECT id, local_name, '' FROM regions_region WHERE local_name <> ''
    UNION ALL SELECT region_id, alias, alias FROM regions_regionalias
), ranked AS (
    SELECT words.region_id, words.alias, place.depth, place.path,
        similarity(words.word, %(typed)s) AS likeness,
        CASE
            WHEN lower(unaccent(words.word)) = %(typed)s THEN 0
            WHEN starts_with(lower(unaccent(words.word)), %(typed)s) THEN 1
            WHEN strpos(lower(unaccent(words.word)), ' ' || %(typed)s) > 0 THEN 2
            WHEN strpos(lower(unaccent(words.word)), %(typed)s) > 0 THEN 3
            ELSE 4
        END AS rank
    FROM words JOIN regions_region AS place ON place.id = words.region_id
    WHERE starts_with(place.path, %(below)s) AND place.ended_on IS NULL
), best AS (
    SELECT DISTINCT ON (region_id) region_id, alias, depth, path, rank, likeness
    FROM ranked WHERE rank < 4 OR likeness >= 0.3
    ORDER BY region_id, rank, likeness DESC, alias
)
SELECT region_id, alias,
    row_number() OVER (ORDER BY rank, CASE WHEN rank = 4 THEN 0 ELSE depth END, likeness DESC, path) AS turn
FROM best ORDER BY turn LIMIT %(limit)s
"""


@dataclass(frozen=True)
class PlaceName:
    """A place to lead to; above: the name of the place it lies in, empty for a country."""

    code: str
    name: str
    above: str


@dataclass(frozen=True)
class Suggestion:
    """A place that may be meant; region is read with the places above it. alias: the other name that matched, or ""."""

    region: Region
    alias: str

    @property
    def above(self) -> list[Region]:
        """The places above, nearest first."""
        parent = self.region.parent
        return [] if parent is None else [parent, *([parent.parent] if parent.parent else [])]


def suggest(text: str, *, below: Region | None = None, limit: int = 8) -> list[Suggestion]:
    """Places that the text may mean, by name in either script, other name or code; at most two queries.

    below: look only in this place. What is written exactly so comes first, then what begins so, then what holds the
    text, each with larger places first, then what is spelt alike. Accents, case and closing signs do not matter.
    """
    typed = folded(text)
    if not typed or limit < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"typed": typed, "below": below.path if below else "", "limit": limit})
        found: list[tuple[int, str, int]] = cursor.fetchall()
    regions = Region.objects.select_related("parent__parent").in_bulk([pk for pk, *_ in found])
    return [Suggestion(regions[pk], alias) for pk, alias, _turn in found if pk in regions]


def nearest(region: Region, *, limit: int = 6) -> list[Region]:
    """Places of the same level and country whose points lie nearest, nearest first; one query.

    For places that no tile map shows, such as the districts of India. Empty for a place without a point.
    """
    if region.latitude is None or region.longitude is None:
        return []
    # Degrees of longitude shrink towards the poles; over a country the earth is flat enough for an order.
    narrowing = cos(radians(region.latitude)) ** 2
    north, east = F("latitude") - region.latitude, F("longitude") - region.longitude
    distance = ExpressionWrapper(north * north + east * east * Value(narrowing), output_field=FloatField())
    return list(
        Region.objects.standing()
        .filter(level=region.level, path__startswith=f"{region.country_code}/", latitude__isnull=False)
        .exclude(pk=region.pk)
        .select_related("parent")
        .order_by(distance, "path")[:limit]
    )


def folded(text: str) -> str:
    """What was typed as FIND compares it: in small letters, without accents and closing signs."""
    words = " ".join(unicodedata.normalize("NFC", text.replace("\0", "")).split())
    return "".join(_plain(letter) for letter in words[:_LONGEST].strip(_ENDINGS)).lower()


def _plain(letter: str) -> str:
    """The letter without its accent when it is a Latin one; vowel signs of other scripts are no accents."""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter

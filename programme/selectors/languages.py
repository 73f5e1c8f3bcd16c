"""In which languages the content of the shop can be read, room by room, and what is missing."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from catalogue.models import Product
from marketplace.lib.translated import Translated
from regions.models import Region
from regions.policies import reach_of
from vendors.models import Partner

Category = get_model("catalogue", "Category")


@dataclass(frozen=True)
class Room:
    """Rows whose words may stand in several languages. name: the field that they are called by; page: of one in the admin.

    has_marks: whether translations are kept with the row, and can be found right there.
    """

    code: str
    words: str | Promise
    rows: Callable[[Any], "QuerySet[Any]"]
    name: str
    page: str
    has_marks: bool = True

    def said_in(self, language: str) -> Q:
        """Rows that have words in this language, their own or others beside them."""
        if not self.has_marks:
            return Q(pk__isnull=False) if language == settings.LANGUAGE_CODE else Q(local_language=language)
        return Q(words_language=language) | Q(translations__has_key=language)

    def unread_in(self, language: str) -> Q:
        """Rows with a translation into this language that no speaker has found right, as the row stands."""
        if not self.has_marks:
            return Q(pk__isnull=True)
        is_read = Q(**{f"translation_marks__{language}__has_key": "read_by"})
        is_old = Q(**{f"translation_marks__{language}__has_key": "is_old"})
        return Q(translations__has_key=language) & (~is_read | is_old)


@dataclass(frozen=True)
class Said:
    """Rows of a room in one language: all of them, those with words, and translations that no speaker has read."""

    room: Room
    language: str
    total: int
    said: int
    unread: int

    @property
    def missing(self) -> int:
        """Rows without words in the language."""
        return self.total - self.said


def _listings(user: Any) -> "QuerySet[Any]":
    rows = Product.objects.live().whole().select_related("vendor")
    return rows.filter(reach_of(user).rows("vendor__home_region__path")) if user else rows


def _groups(user: Any) -> "QuerySet[Any]":
    rows = Partner.objects.public().exclude(summary="", story="")
    return rows.filter(reach_of(user).rows("home_region__path")) if user else rows


def _places(user: Any) -> "QuerySet[Any]":
    rows = Region.objects.standing()
    return rows.filter(reach_of(user).rows("path")) if user else rows


ROOMS: Mapping[str, Room] = {
    room.code: room
    for room in (
        Room("listings", _("listings on sale"), _listings, "title", "admin:catalogue_product_change"),
        Room("groups", _("groups with a story"), _groups, "name", "admin:partner_partner_change"),
        Room(
            "categories",
            _("kinds of goods"),
            lambda _user: Category.objects.filter(is_public=True),
            "name",
            "admin:catalogue_category_change",
        ),
        Room("places", _("places"), _places, "name", "admin:regions_region_change", has_marks=False),
    )
}


def content_said(user: Any = None) -> list[list[Said]]:
    """Each room in each language, one query a room. user: whose places count; None for all."""
    codes = [code for code, _name in settings.LANGUAGES]
    found = []
    for room in ROOMS.values():
        counts = room.rows(user).aggregate(
            total=Count("pk"),
            **{f"said_{code}": Count("pk", filter=room.said_in(code)) for code in codes},
            **{f"unread_{code}": Count("pk", filter=room.unread_in(code)) for code in codes},
        )
        found.append(
            [
                Said(room, code, counts["total"], counts[f"said_{code}"], counts[f"unread_{code}"])
                for code in codes
            ]
        )
    return found


def rows_to_do(room: Room, language: str, *, is_unread: bool, user: Any) -> "QuerySet[Any]":
    """Rows without words in a language, or with a translation that nobody has read; by name."""
    rows = room.rows(user)
    wanted = rows.filter(room.unread_in(language)) if is_unread else rows.exclude(room.said_in(language))
    return wanted.order_by(room.name, "pk")


def pairs(row: Translated, language: str) -> Sequence[tuple[str, str]]:
    """Own words and the same in a language, field by field, where it has any."""
    words = row.translations.get(language, {})
    return [(str(getattr(row, name)), words[name]) for name in row.TRANSLATED if words.get(name)]


def seal_of(row: Translated, language: str) -> str:
    """Changes with the own words and with the translation, so that only what was read is found right."""
    content = json.dumps(pairs(row, language), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]

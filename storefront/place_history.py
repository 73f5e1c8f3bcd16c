"""What a place was before, and what became of it, as sentences with links."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regions.models import Region, RegionChange
from storefront.rows import place_url

Kind = RegionChange.Kind


@dataclass(frozen=True)
class Past:
    """One change. url, name: of the other place of it; empty where there is none."""

    words: str
    name: str = ""
    url: str = ""


def place_history(region: Region) -> Sequence[Past]:
    """Changes into and out of a place, the latest first; one query."""
    found = [_past(change, region) for change in RegionChange.objects.about(region)]
    return [past for past in found if past is not None]


def _past(change: RegionChange, region: Region) -> Past | None:
    day = {"day": date_format(change.on, "j F Y")}
    if change.kind == Kind.RENAMED and change.code_before and change.name_before == region.name:
        return Past(_("Until %(day)s its code was %(code)s.") % {**day, "code": change.code_before})
    if change.kind == Kind.RENAMED:
        return Past(_("Until %(day)s it was called %(name)s.") % {**day, "name": change.name_before})
    if change.kind == Kind.CREATED:
        return Past(_("It is a place of its own since %(day)s.") % day)
    if change.kind == Kind.ABOLISHED:
        return Past(_("It ended on %(day)s.") % day)
    if change.kind == Kind.MOVED:
        return _with(_("Until %(day)s it was part of:") % day, change.parent_before)
    if change.place_id == change.successor_id:
        return None
    if change.place_id == region.pk:
        is_whole = change.kind == Kind.MERGED
        words = _("On %(day)s it became part of:") if is_whole else _("On %(day)s land of it went to:")
        return _with(words % day, change.successor)
    if change.kind == Kind.MERGED:
        return _with(_("On %(day)s this place became part of it:") % day, change.place)
    return _with(_("Until %(day)s its land was part of:") % day, change.place)


def _with(words: str, other: Region | None) -> Past:
    return Past(words, other.name, place_url(other)) if other else Past(words)

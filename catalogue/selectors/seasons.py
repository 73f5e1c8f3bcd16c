"""Seasons as people read them."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from catalogue.domain.seasons import ends


def season_words(season: str) -> str:
    """Such as "June to September"; nothing for what there is all year."""
    months = ends(season)
    if months is None:
        return ""
    first, last = (str(MONTHS[month]) for month in months)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

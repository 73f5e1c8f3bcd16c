"""What somebody proposes for a place, and what a scheme asks of it. Nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.lib.words import is_blank, plain_words
from regions.domain.names import same_name
from regions.errors import NominationError
from regions.models import GeographicalIndication, IdentifiedProduct, Nomination, Region, Scheme

LONGEST_GROUNDS = 4000
_LONGEST = {"name": 160, "category": 60}
_GROUNDS = ("ecosystem", "export_list", "other_grounds")


@dataclass(frozen=True)
class Proposed:
    """What is proposed, as typed; at least one of the grounds ecosystem, export_list, gi, other_grounds is given.

    replaces: a product of the same scheme and place, which ends on the day on which this one begins.
    """

    name: str
    category: str
    ecosystem: str = ""
    export_list: str = ""
    gi: GeographicalIndication | None = None
    other_grounds: str = ""
    replaces: IdentifiedProduct | None = None


def recommender_of(scheme: Scheme, region: Region) -> Region | None:
    """The place above that recommends, None where proposals go to the centre at once; at most one query.

    Raises NominationError for a place that does not propose to this scheme: of another country or level, or ended.
    """
    refuse_unfit_place(scheme, region)
    if not scheme.recommending_level:
        return None
    above = Region.objects.coded(region.codes).filter(level=scheme.recommending_level).first()
    if above is None:
        words = _(
            "No %(level)s lies above %(place)s that could recommend it. Ask the centre to mend the scheme."
        )
        level = Region.Level(scheme.recommending_level).label
        raise NominationError(words % {"level": level, "place": region.name}, field="region")
    return above


def refuse_unfit_place(scheme: Scheme, region: Region) -> None:
    """Raise NominationError for a place for which the scheme names no product; no query."""
    if not scheme.is_programme:
        words = _("“%(scheme)s” is only a list. Choose a programme to which products are proposed.")
        raise NominationError(words % {"scheme": scheme.name}, field="scheme")
    if region.ended_on is not None:
        words = _("%(place)s has ended. Propose it for the place that has its land now.")
        raise NominationError(words % {"place": region.name}, field="region")
    if not scheme.country.contains(region) or region.level != scheme.proposing_level:
        words = _("Choose a %(level)s in %(country)s: these propose products to “%(scheme)s”.")
        level = Region.Level(scheme.proposing_level).label
        about = {"level": level, "country": scheme.country.name, "scheme": scheme.name}
        raise NominationError(words % about, field="region")


def checked(proposed: Proposed, *, scheme: Scheme, region: Region) -> Mapping[str, Any]:
    """Values of PROPOSED_FIELDS, with words as they are kept. Raises NominationError, which says what to do."""
    values: dict[str, Any] = {"gi": proposed.gi, "replaces": proposed.replaces}
    for name, longest in _LONGEST.items():
        words = " ".join(plain_words(getattr(proposed, name)).split())
        if is_blank(words):
            raise NominationError(_("Write the product and its category."), field=name)
        values[name] = _no_longer_than(longest, words, field=name)
    for name in _GROUNDS:
        words = plain_words(getattr(proposed, name))
        values[name] = "" if is_blank(words) else _no_longer_than(LONGEST_GROUNDS, words, field=name)
    if proposed.gi is None and not any(values[name] for name in _GROUNDS):
        words = _(
            "Give at least one of the grounds: who makes it there, an export list, a protected name, or others."
        )
        raise NominationError(words, field="ecosystem")
    if proposed.gi is not None and proposed.gi.country != scheme.country.code:
        words = _("Choose a protected name of %(country)s.") % {"country": scheme.country.name}
        raise NominationError(words, field="gi")
    _refuse_unfit_products(values, scheme=scheme, region=region)
    return values


def refuse_open_twin(
    values: Mapping[str, Any], *, scheme: Scheme, region: Region, besides: Nomination | None = None
) -> None:
    """Raise NominationError where the same is proposed already; two queries. besides: the nomination itself."""
    others = Nomination.objects.open()
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if _is_among(others.filter(scheme=scheme, region=region), values["name"]):
        words = _("“%(product)s” has been proposed for %(place)s already, and is being decided about.")
        raise NominationError(words % {"product": values["name"], "place": region.name}, field="name")
    replaced = values["replaces"]
    if replaced is not None and others.filter(replaces=replaced).exists():
        words = _(
            "Another product has been proposed in place of “%(product)s” already. Wait until it is decided."
        )
        raise NominationError(words % {"product": replaced.name}, field="replaces")


def _refuse_unfit_products(values: Mapping[str, Any], *, scheme: Scheme, region: Region) -> None:
    products = IdentifiedProduct.objects.filter(scheme=scheme, region=region).without_end()
    if _is_among(products, values["name"]):
        words = _("“%(product)s” is already a product of %(place)s.")
        raise NominationError(words % {"product": values["name"], "place": region.name}, field="name")
    replaced = values["replaces"]
    if replaced is not None and not products.filter(pk=replaced.pk).exists():
        words = _("“%(product)s” is no product of %(place)s now. Choose one that is, or none.")
        raise NominationError(words % {"product": replaced.name, "place": region.name}, field="replaces")


def _is_among(rows: "QuerySet[Any]", name: str) -> bool:
    return same_name(name) in {same_name(each) for each in rows.values_list("name", flat=True)}


def _no_longer_than(longest: int, words: str, *, field: str) -> str:
    if len(words) > longest:
        said = _("This is longer than %(count)d letters. Say it shorter.") % {"count": longest}
        raise NominationError(said, field=field)
    return words

"""Rows of lists that several pages show, from models to what the components expect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.selectors.listings import Picture, content_words, picture_of
from marketplace.lib.money import format_price
from orders.selectors.aside import AsideLine
from orders.selectors.baskets import BasketLine, BasketView
from orders.shipping.options import DeliveryOption
from regions.models import IdentifiedProduct, Region
from storefront.discounts import DiscountRow
from storefront.discounts import group_rows as group_rows_of
from storefront.foreign import filled, marked
from vendors.models import Partner

Crumb = tuple[str, str | None]


@dataclass(frozen=True)
class GroupRow:
    """A producer group in a list; about: place, kind, and its closure if there is one today."""

    name: str
    url: str
    place_code: str
    about: str
    is_example: bool


@dataclass(frozen=True)
class PlaceRow:
    """A place in a list; known_for may be empty; listings: number on sale in it and below."""

    code: str
    url: str
    name: str
    local_name: str
    local_language: str
    known_for: str
    listings: int


@dataclass(frozen=True)
class KnownRow:
    """A product that a place is known for; listings: how many of it are on sale; url: where they are.

    named: since when, and by which source.
    """

    name: str
    place: str
    scheme: str
    named: str
    picture: str
    listings: int
    url: str


def group_rows(groups: Iterable[Partner]) -> list[GroupRow]:
    """Rows of groups read with home_region__parent; no query for a row. Closures count by the day of the group's country."""
    return [_group_row(group) for group in groups]


def _group_row(group: Partner) -> GroupRow:
    words = [place_words(group.home_region), str(group.get_kind_display())]
    if group.closed_until and group.is_closed_on(group.today):
        words.append(_("closed until %(day)s") % {"day": date_format(group.closed_until, "j F")})
    return GroupRow(
        group.name, group.get_absolute_url(), group.home_region.code, _in_facts(words), group.is_example
    )


def _in_facts(words: list[str]) -> str:
    """Facts in one line: where it breaks, no dot begins a line and no word is cut at its hyphen."""
    return "\u00a0· ".join(words).replace("-", "\u2011")


def place_words(region: Region) -> str:
    """A place and the one above it: "Khoma, Lhuentse"; the one above must have been read."""
    return f"{region.shown_name}, {region.parent.shown_name}" if region.parent else region.shown_name


def place_rows(
    regions: Iterable[Region], counts: Mapping[str, int], *, known: Mapping[int, list[str]] | None = None
) -> list[PlaceRow]:
    """Rows of places. counts: path -> listings; known: key of the place -> names of its products."""
    return [
        PlaceRow(
            region.code,
            place_url(region),
            region.shown_name,
            region.local_name,
            region.local_language,
            "; ".join((known or {}).get(region.pk, [])[:3]),
            counts.get(region.path, 0),
        )
        for region in regions
    ]


def place_url(region: Region) -> str:
    """Address of the place's page."""
    return reverse("place-detail", args=[region.code])


def known_row(product: IdentifiedProduct) -> KnownRow:
    """Row of an identified product that was read with its number of live listings."""
    found: int = product.live_listings  # type: ignore[attr-defined]
    return KnownRow(
        product.name,
        _place_named_for(product),
        product.scheme.name,
        named_words(product),
        reverse("known-picture", args=[product.pk]),
        found,
        f"{reverse('listing-list')}?known={product.pk}",
    )


def named_words(product: IdentifiedProduct) -> str:
    """Since when a product is named, and by whom: "since 1 March 2026 · approved by the programme in Bhutan".

    Read with scheme__country. Of a list its edition, its source and the year of that.
    """
    parts = [_("since %(day)s") % {"day": date_format(product.named_on, "j F Y")}] if product.named_on else []
    if product.nomination_id:
        country = {"country": product.scheme.country.shown_name}
        return _joined([*parts, _("approved by the programme in %(country)s") % country])
    # What has no edition in brackets is called as the scheme is.
    if "(" in product.listed_since:
        parts.append(marked(product.listed_since))
    if product.source:
        parts.append(filled(_("source: %(source)s"), source=product.source))
    if product.year_of_source and str(product.year_of_source) not in product.listed_since:
        parts.append(str(product.year_of_source))
    return _joined(parts)


def _joined(parts: Iterable[str]) -> SafeString:
    return format_html_join(" · ", "{}", ((part,) for part in parts))


@dataclass(frozen=True)
class EarlierRow:
    """A product that a place was known for. days: from when until when; instead: what it was replaced by, may be empty."""

    name: str
    place: str
    scheme: str
    days: str
    instead: str


def earlier_row(product: IdentifiedProduct) -> EarlierRow:
    """Row of a product of catalogue.selectors.places.products_named_earlier."""
    last = date_format(product.last_day, "j F Y") if product.last_day else ""
    if product.named_on:
        first = date_format(product.named_on, "j F Y")
        days = _("%(first)s to %(last)s") % {"first": first, "last": last}
    else:
        days = _("until %(day)s") % {"day": last}
    instead = product.replaced_by.name if product.replaced_by else ""
    return EarlierRow(product.name, _place_named_for(product), product.scheme.name, days, instead)


def _place_named_for(product: IdentifiedProduct) -> str:
    place = product.region.shown_name
    if product.listed_for:
        return _("%(place)s (named for %(old)s)") % {"place": place, "old": product.listed_for.name}
    return place


def place_crumbs(region: Region, *, leaf: str = "") -> list[Crumb]:
    """The way up the tree of places. The parents must have been read. leaf: words of a page below the place."""
    above: list[Crumb] = []
    step = region.parent
    while step is not None:
        above.insert(0, (step.shown_name, place_url(step)))
        step = step.parent
    crumbs: list[Crumb] = [(_("Places"), reverse("place-list")), *above]
    return (
        [*crumbs, (region.shown_name, place_url(region)), (leaf, None)]
        if leaf
        else [*crumbs, (region.shown_name, None)]
    )


@dataclass(frozen=True)
class Said:
    """What the buyer of a line may say, or has said, of it, for the buyer alone.

    words: how it stands, with the reason where it is not shown, may be empty. url, link: where it is written, and what the
    link is called; both empty when nothing can be written any more.
    """

    words: str
    url: str
    link: str


@dataclass(frozen=True)
class BasketRow:
    """One line of a basket or order: what it is, how many, what it costs. said: how the buyer's words about it stand.

    reason: of the warning, where somebody gave one. typed, error: a number that was refused, as it was typed, and why; empty where none was.
    """

    pk: int
    title: str
    url: str
    note: str
    quantity: int
    amount: Decimal
    currency: str
    picture: Picture | None
    warning: str
    said: Said | None = None
    reason: str = ""
    typed: str = ""
    error: str = ""

    @property
    def field_id(self) -> str:
        """Id of its number on the page of the basket."""
        return f"line-{self.pk}"

    @property
    def error_id(self) -> str:
        """Id of what is wrong about that number."""
        return f"line-{self.pk}-error"


@dataclass(frozen=True)
class BasketGroupRow:
    """Everything of one group in a basket. delivery: its cheapest way to the country asked for, None without one."""

    vendor: Partner
    lines: list[BasketRow]
    warning: str
    goods_total: Decimal
    currency: str
    delivery: DeliveryOption | None
    refusal: str = ""
    discounts: Sequence[DiscountRow] = ()
    goods_after_offers: Decimal = Decimal("0.00")


def basket_groups(view: BasketView) -> list[BasketGroupRow]:
    """A basket group by group, as the components show it; no query for a line."""
    return [
        BasketGroupRow(
            group.vendor,
            [_basket_row(line, view.currency) for line in group.lines],
            str(group.warning),
            group.goods_total,
            view.currency,
            next(iter(group.delivery), None),
            str(group.refusal),
            group_rows_of(group.discounts),
            group.goods_total - group.discount,
        )
        for group in view.groups
    ]


def _basket_row(line: BasketLine, currency: str) -> BasketRow:
    photos = list(line.product.images.all()) or list(line.listing.images.all())
    words = line.product.size_label or content_words(line.product)
    each = _("%(price)s each") % {"price": format_price(line.unit_price, currency)}
    return BasketRow(
        line.pk,
        line.title,
        line.listing.get_absolute_url(),
        " · ".join(part for part in (words, each) if part),
        line.quantity,
        line.amount,
        currency,
        picture_of(photos[0]) if photos else None,
        str(line.warning),
    )


@dataclass(frozen=True)
class AsideRow:
    """A thing saved for later. url is empty where it is not shown any more; why_not: it cannot be bought now, or empty.

    sold_out: key of its listing where no unit of it is left; else None.
    """

    pk: int
    title: str
    url: str
    note: str
    picture: Picture | None
    why_not: str
    sold_out: int | None = None


def aside_rows(lines: Iterable[AsideLine]) -> list[AsideRow]:
    """What was set aside, as the basket's page shows it; no query for a line."""
    return [_aside_row(line) for line in lines]


def _aside_row(line: AsideLine) -> AsideRow:
    if line.price is None:
        return AsideRow(line.product.pk, line.title, "", "", None, line.why_not)
    photos = list(line.product.images.all()) or list(line.listing.images.all())
    size = line.product.size_label or content_words(line.product)
    each = _("%(price)s each") % {"price": format_price(line.price, line.currency)}
    units = ngettext("%(count)d unit", "%(count)d units", line.quantity) % {"count": line.quantity}
    return AsideRow(
        line.product.pk,
        line.title,
        line.listing.get_absolute_url(),
        " · ".join(part for part in (size, units, each) if part),
        picture_of(photos[0]) if photos else None,
        line.why_not,
        line.listing.pk if line.is_sold_out else None,
    )

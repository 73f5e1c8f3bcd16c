"""Listings as shops of adverts read them: RSS 2.0 with the words of Google's product data specification."""

import re
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils import translation
from django.utils.xmlutils import SimplerXMLGenerator

from catalogue.models import Product
from catalogue.selectors.listings import card_rows, cards, price_to_buy
from orders.selectors.running_offers import RunningOffers, running_offers
from storefront.prices import shown_price
from storefront.sitemaps import listings_of_block
from storefront.structured.script import full

NAMESPACE = "http://base.google.com/ns/1.0"
LONGEST_TEXT = 5000
# Signs that no XML may hold, however they came into a text.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def product_feed_xml(block: int) -> str:
    """One block of listings, with prices and whether they can be bought at this moment; three queries.

    In the shop's first language, whoever asks: one address holds one text, which caches keep.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _feed(list(card_rows(listings_of_block(block)).annotate(price_to_buy=price_to_buy())))


def _feed(rows: Sequence[Product]) -> str:
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("rss", AttributesImpl({"version": "2.0", "xmlns:g": NAMESPACE}))
    xml.startElement("channel", AttributesImpl({}))
    xml.addQuickElement("title", settings.SITE_NAME)
    xml.addQuickElement("link", f"{settings.SITE_URL}/")
    xml.addQuickElement("description", "Goods of named places, from the groups that make them.")
    running = running_offers()
    for row, card in zip(rows, cards(rows), strict=True):
        # A picture is asked of every item; one without would be refused.
        if card.picture:
            _item(
                xml,
                row,
                url=card.url,
                picture=card.picture.large,
                is_available=card.is_available,
                running=running,
            )
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()
    return out.getvalue()


def _item(
    xml: SimplerXMLGenerator,
    row: Product,
    *,
    url: str,
    picture: str,
    is_available: bool,
    running: RunningOffers,
) -> None:
    place = row.region if row.region.parent is None else f"{row.region.name}, {row.region.parent.name}"
    title = row.said("title")
    # Of several sizes the cheapest that is left, which the page shows first; else what they all began at.
    price: Decimal = row.price_to_buy if row.price_to_buy is not None else row.price_from  # type: ignore[assignment]  # no card is without
    currency = row.price_currency
    shown = shown_price(row, price, currency, categories=row.category_paths, running=running)
    facts: Sequence[tuple[str, str]] = (
        ("g:id", str(row.pk)),
        ("g:title", title[:150]),
        ("g:description", (row.said("description") or title)[:LONGEST_TEXT]),
        ("g:link", full(url)),
        ("g:image_link", full(picture)),
        ("g:availability", "in_stock" if is_available else "out_of_stock"),
        ("g:price", f"{price:.2f} {currency}"),
        ("g:sale_price", f"{shown.amount:.2f} {currency}" if shown.before is not None else ""),
        ("g:brand", row.vendor.name[:70]),
        ("g:condition", "new"),
        ("g:identifier_exists", "no"),
        ("g:custom_label_0", str(place)[:100]),
    )
    xml.startElement("item", AttributesImpl({}))
    for name, words in facts:
        if words:
            xml.addQuickElement(name, NOT_IN_XML.sub(" ", words))
    xml.endElement("item")

"""A listing as data: what a proposed change is made of and compared with.

Fields and their shapes: title, description, ingredients, storage, lot_rule are texts, and so are title and description in
another language, called "title:hi" (empty in the language of the listing's own words, which words_language says); region and identified_product keys
(the latter may be None); categories a sorted list of keys. is_perishable a truth; season a text such as "6-9"; sizes is a list of {pk, label, net_quantity, net_unit, weight_grams},
the quantity a text such as "250" or None, the weight with packing a number or None; a size to be added has pk None and price (a text such as "250.00") and units
besides, and the group's own name of it (sku) where a file gave one. photos is a list in the order shown of {photo: key, alt} and, for one that waits with a change,
{new: key of the ProposedPhoto, alt}. Price and stock are no part of it: they change at once.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from marketplace.lib.translated import Translations

TRANSLATED = {
    f"{name}:{code}": (name, code) for code, _language in settings.LANGUAGES for name in Product.TRANSLATED
}
OWN_TEXTS = ("title", "description", "ingredients", "storage", "lot_rule")
TEXTS = (*OWN_TEXTS, *TRANSLATED)
_OWN_FIELDS: dict[str, str | Promise] = {
    "photos": _("photos"),
    "title": _("name"),
    "sizes": _("sizes"),
    "region": _("place of origin"),
    "identified_product": _("product the place is known for"),
    "categories": _("kind of goods"),
    "description": _("story"),
    "ingredients": _("ingredients or material"),
    "storage": _("how to keep it"),
    "lot_rule": _("how lots are marked"),
    "is_perishable": _("spoils within days"),
    "season": _("season"),
    "words_language": _("language of its words"),
}
FIELDS: dict[str, str | Promise] = {
    **_OWN_FIELDS,
    **{
        field: format_lazy(
            "{field} ({language})", field=_OWN_FIELDS[name], language=dict(settings.LANGUAGES)[code]
        )
        for field, (name, code) in TRANSLATED.items()
    },
}

Snapshot = dict[str, Any]


def snapshot(listing: Product) -> Snapshot:
    """The listing as it stands; four queries."""
    return {
        **text_values(listing),
        "is_perishable": listing.is_perishable,
        "season": listing.season,
        "region": listing.region_id,
        "identified_product": listing.identified_product_id,
        "categories": sorted(listing.categories.values_list("pk", flat=True)),
        "sizes": [size_values(size) for size in sizes_of(listing)],
        "photos": [
            {"photo": pk, "alt": alt}
            for pk, alt in listing.images.order_by("display_order", "pk").values_list("pk", "alt_text")
        ],
    }


def text_values(listing: Product) -> dict[str, str]:
    """The texts of a listing as in a snapshot; no query."""
    own = {name: getattr(listing, name) for name in OWN_TEXTS}
    return {
        **own,
        "words_language": listing.words_language,
        **{
            field: listing.translations.get(code, {}).get(name, "")
            for field, (name, code) in TRANSLATED.items()
        },
    }


def translations_of(values: Mapping[str, Any]) -> Translations:
    """The translations that a snapshot, or a part of one, says; empty texts are left out."""
    found: Translations = {}
    for field, (name, code) in TRANSLATED.items():
        if values.get(field):
            found.setdefault(code, {})[name] = values[field]
    return found


def sizes_of(listing: Product) -> list[Product]:
    """The sizes that a listing is offered in, in their order; the listing itself when it has none of its own."""
    return list(Product.objects.filter(parent=listing, is_removed=False).order_by("pk")) or [listing]


def size_values(size: Product) -> dict[str, Any]:
    """One size as data."""
    return {
        "pk": size.pk,
        "label": size.size_label,
        "net_quantity": plain_number(size.net_quantity),
        "net_unit": size.net_unit,
        "weight_grams": size.weight_grams,
    }


def plain_number(quantity: Decimal | None) -> str | None:
    """A quantity as one writes it: "250", "0.5"; None when there is none."""
    return f"{quantity.normalize():f}" if quantity else None


def photo_key(entry: dict[str, Any]) -> str:
    """What a form calls a photo: "12" for one that is shown, "n5" for one that waits with a change."""
    return f"n{entry['new']}" if "new" in entry else str(entry["photo"])

"""What a member wants of a listing on sale, from the form to the service that keeps it as a change."""

from typing import Any

from catalogue.models import ListingChange, Product
from catalogue.selectors.snapshots import TRANSLATED
from catalogue.services.arranging import PhotoEdit
from catalogue.services.changes import Wanted, propose
from dashboard.drafts import listing_data
from dashboard.listing_page import Forms


def propose_change(
    listing: Product, forms: Forms, *, uploads: Any, photos: PhotoEdit, actor: Any, send: bool
) -> ListingChange | None:
    """Keep valid forms as the listing's open change; None when nothing differs. Raises ListingError."""
    typed = forms.main.cleaned_data
    data = listing_data(listing.vendor, typed)
    known = data.identified_product
    values = {
        "title": data.title.strip(),
        "description": data.description.strip(),
        "region": data.region.pk,
        "identified_product": known.pk if known else None,
        "ingredients": data.ingredients,
        "storage": data.storage,
        "lot_rule": data.lot_rule,
        "is_perishable": data.is_perishable,
        "words_language": data.words_language,
        **{field: typed[field] for field in TRANSLATED},
        "season": data.season,
        "categories": _categories(listing, list(data.category_pks)),
        "sizes": forms.typed_sizes(),
    }
    return propose(listing, Wanted(values, photos, uploads), actor, send=send)


def _categories(listing: Product, chosen: list[int]) -> list[int]:
    """The form shows the first of several; the others stay while that one does."""
    own = sorted(listing.categories.values_list("pk", flat=True))
    return own if own[:1] == chosen else chosen

"""Places and kinds of goods by what people write: a name, a code, in either script."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from oscar.core.loading import get_model

from catalogue.imports.cells import CellRefused
from regions.models import IdentifiedProduct, Region, RegionAlias

Category = get_model("catalogue", "Category")
MOST_CODES = 6


@dataclass
class Names:
    """Keys by written name; codes: how to name each key without doubt. what: "place", "category" or "known", for the words."""

    what: str
    keys: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    codes: dict[int, str] = field(default_factory=dict)

    def add(self, key: int, code: str, *names: str) -> None:
        """Take up one place or kind."""
        self.codes[key] = code
        self.keys[_plain(code)] = {key}
        for name in names:
            if name and _plain(name) != _plain(code):
                self.keys[_plain(name)].add(key)

    def named(self, written: str) -> set[int]:
        """Keys of all that is called so."""
        return self.keys.get(_plain(written), set())

    def find(self, written: str, *, fits: Callable[[int], bool] = lambda _key: True) -> int:
        """The key of what was written. fits: says which of several is meant.

        Raises CellRefused when it names nothing, or several.
        """
        found = self.keys.get(_plain(written), set())
        if len(found) > 1:
            found = {key for key in found if fits(key)} or found
        if len(found) == 1:
            return next(iter(found))
        if found:
            codes = sorted(self.codes[key] for key in found)[:MOST_CODES]
            raise CellRefused(f"{self.what}_ambiguous", codes=", ".join(codes))
        near = get_close_matches(_plain(written)[:80], list(self.keys), n=1, cutoff=0.75)
        hint = self.codes[next(iter(self.keys[near[0]]))] if near else ""
        raise CellRefused(f"{self.what}_unknown", near=f"{near[0]} ({hint})" if near else "")


@dataclass(frozen=True)
class Known:
    """All names at once; read once for a run of rows."""

    places: Names
    categories: Names
    products: Names
    # Identified products that are not those of their places now; a listing may keep the one that it has.
    former: Names
    # Region and identified product -> path of the place.
    paths: dict[int, str]
    product_paths: dict[int, str]

    def find_product(self, written: str, *, own: int | None, fits: Callable[[int], bool]) -> int:
        """The key of an identified product of today, or of the listing's own. own: key of that.

        Raises CellRefused when it names nothing, several, or one that is not that of its place now.
        """
        former = self.former.named(written)
        if own in former:
            return own
        if former and not self.products.named(written):
            raise CellRefused("known_not_now")
        return self.products.find(written, fits=fits)

    def is_of_place(self, product_pk: int, region_pk: int) -> bool:
        """Whether an identified product may be said of goods of this place. Source: catalogue.services.listings."""
        here, there = self.paths.get(region_pk, ""), self.product_paths.get(product_pk, "")
        return here.startswith(there) or there.startswith(here)


def known_names() -> Known:
    """Every place and every kind of goods; five queries."""
    places, categories = Names("place"), Names("category")
    products, former = Names("known"), Names("known")
    paths: dict[int, str] = {}
    regions = Region.objects.standing().values_list("pk", "code", "name", "local_name", "path")
    for pk, code, name, local_name, path in regions:
        places.add(pk, code, name, local_name)
        paths[pk] = path
    standing = RegionAlias.objects.filter(region__ended_on__isnull=True)
    for region_pk, alias in standing.values_list("region", "alias"):
        places.keys[_plain(alias)].add(region_pk)
    rows: Any = Category.objects.filter(is_public=True).values_list("pk", "name")
    codes = category_codes()
    for pk, name in rows:
        categories.add(pk, codes[pk], name)
    product_paths: dict[int, str] = {}
    for product in IdentifiedProduct.objects.select_related("region", "scheme"):
        names = products if product.is_standing else former
        names.add(product.pk, product_code(product), product.name)
        product_paths[product.pk] = product.region.path
    return Known(places, categories, products, former, paths, product_paths)


def product_code(product: IdentifiedProduct) -> str:
    """How to name an identified product without doubt; its region and scheme must have been read."""
    return f"{product.name} ({product.scheme.code} {product.region.code})"


def category_codes() -> dict[int, str]:
    """How to name each kind of goods without doubt: its short name, with its number where two have the same."""
    rows: list[tuple[int, str]] = list(Category.objects.values_list("pk", "slug"))
    counts = Counter(slug for _pk, slug in rows)
    return {pk: slug if counts[slug] == 1 else f"{slug}-{pk}" for pk, slug in rows}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()

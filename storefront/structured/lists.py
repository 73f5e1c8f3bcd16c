"""Ways and lists: BreadcrumbList, ItemList."""

from collections.abc import Iterable, Sequence

from storefront.structured.script import Thing, bare, full


def crumb_list(crumbs: Sequence[tuple[str, str | None]]) -> Thing:
    """The way to a page as the page shows it. crumbs: words and address; the page itself has none."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            bare(
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": str(words),
                    "item": full(address) if address else None,
                }
            )
            for position, (words, address) in enumerate(crumbs, start=1)
        ],
    }


def item_list(rows: Iterable[tuple[str, str]]) -> Thing:
    """What a list leads to, in its order. rows: words and address."""
    found = [
        {"@type": "ListItem", "position": position, "name": words, "url": full(address)}
        for position, (words, address) in enumerate(rows, start=1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(found), "itemListElement": found}

"""Template tags for what machines read of a page: schema.org as script elements."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from storefront import structured
from storefront.structured import Thing

register = template.Library()

COUNTRIES = {"en": "GB", "hi": "IN", "dz": "BT", "th": "TH"}


@register.simple_tag
def open_graph_locale(code: str) -> str:
    """A language of ours as Open Graph writes it, with the country where it is read: "hi_IN"."""
    return f"{code}_{COUNTRIES[code]}"


@register.simple_tag
def tell(thing: Thing | None) -> SafeString | str:
    """The element with a thing of schema.org; nothing for none."""
    return structured.script(thing) if thing else ""


@register.simple_tag
def tell_crumbs(crumbs: Sequence[tuple[str, str | None]]) -> SafeString:
    """The way to this page."""
    return structured.script(structured.crumb_list(crumbs))


@register.simple_tag
def tell_list(rows: Iterable[Any]) -> SafeString | str:
    """The rows of a list: cards and rows with url and title or name. Nothing for an empty list."""
    found = [(_words_of(row), row.url) for row in rows]
    return structured.script(structured.item_list(found)) if found else ""


def _words_of(row: Any) -> str:
    return str(getattr(row, "title", None) or row.name)

"""Template tags for what machines read of a page: schema.org as script elements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from marketplace.lib.addresses import public_link
from storefront import structured
from storefront.structured import Thing

register = template.Library()

COUNTRIES = {"en": "GB", "hi": "IN", "dz": "BT", "th": "TH"}


@register.simple_tag
def open_graph_locale(code: str) -> str:
    """A language of ours as Open Graph writes it, with the country where it is read: "hi_IN"."""
    return f"{code}_{COUNTRIES[code]}"


@dataclass(frozen=True)
class ShareLinks:
    """Ways to tell others of a page. address: its own, in the language that is read."""

    address: str
    whatsapp: str
    email: str


@register.simple_tag(takes_context=True)
def share_links(context: template.Context, title: str) -> ShareLinks:
    """Links that carry the title and the address of this page, and nothing by which anybody could be followed."""
    address = public_link(context["request"].path, language=get_language() or settings.LANGUAGE_CODE)
    subject, body = quote(str(title)), quote(f"{title}\n{address}")
    return ShareLinks(address, f"https://wa.me/?text={body}", f"mailto:?subject={subject}&body={body}")


@register.simple_tag
def tell(thing: Thing | None) -> SafeString | str:
    """The element with a thing of schema.org; nothing for none."""
    return structured.script(thing) if thing else ""


@register.simple_tag
def tell_crumbs(crumbs: Sequence[tuple[str, str | None]]) -> SafeString:
    """The way to this page from the home page."""
    return structured.script(structured.crumb_list([(gettext("Home"), reverse("home")), *crumbs]))


@register.inclusion_tag("components/crumbs.html")
def way(here: str, *above: str) -> dict[str, list[tuple[str, str | None]]]:
    """Crumbs of a page whose view knows none. here: its words; above: words and address of the page above, if not home."""
    return {"crumbs": [*zip(above[::2], above[1::2], strict=True), (here, None)]}


@register.simple_tag
def tell_list(rows: Iterable[Any]) -> SafeString | str:
    """The rows of a list: cards and rows with url and title or name. Nothing for an empty list."""
    found = [(_words_of(row), row.url) for row in rows]
    return structured.script(structured.item_list(found)) if found else ""


def _words_of(row: Any) -> str:
    return str(getattr(row, "title", None) or row.name)

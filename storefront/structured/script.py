"""A thing of schema.org as a script element that nothing in it can leave."""

import json
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Thing = dict[str, Any]

# These could end the element or begin a comment in it; the last two end a line for readers that take JSON for JavaScript.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def script(thing: Thing) -> SafeString:
    """The element that tells machines of a thing. What is empty is left out: no name says nothing about a name."""
    whole = {"@context": "https://schema.org", **bare(thing)}
    words = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(words),  # noqa: S308 - escaped above, for scripts
    )


def bare(thing: Thing) -> Thing:
    """The same without values that say nothing: None, empty words, empty lists."""
    return {name: value for name, value in thing.items() if value is not None and value not in ("", [], {})}


def full(address: str) -> str:
    """Full address of one of our own; what is full already stays."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address

"""The frame of every page for people: plain HTML that works without a script, and says that no money moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class PageResponse:
    """An answer to a browser."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def framed(name: str, status: int, *, returns_to: str = "", **fields: str) -> PageResponse:
    """A page of the templates. returns_to: the address that its form leads back to; fields: escaped already."""
    # A browser applies form-action to the redirect after the form as well, so the shop's origin is named.
    form_targets = "'self'"
    if returns_to:
        shop = urlsplit(returns_to)
        form_targets += f" {shop.scheme}://{shop.netloc}"
    policy = f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {form_targets}"
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    body = _template("frame").substitute(
        title=fields.get("title", "Payment"), main=_template(name).substitute(fields)
    )
    return PageResponse(status, body.encode(), headers=headers)


def nothing_here(what: str) -> PageResponse:
    """There is no such page, payment or account: 404."""
    return framed("closed", 404, title=f"No such {what}", text=f"There is no such {what}.", link="")


def redirect(location: str) -> PageResponse:
    """Send the browser on, after a form or instead of a page."""
    return PageResponse(303, headers={"Location": location})


@cache
def _template(name: str) -> Template:
    return Template((ASSETS / f"{name}.html").read_text(encoding="utf-8"))

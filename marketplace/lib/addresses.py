"""Addresses of our own pages: the part of the path that says the language, and links that leave it to the reader."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language_from_path


def without_language(path: str) -> str:
    """The same page in no language: "/hi/places/?q=1" gives "/places/?q=1"."""
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith((f"/{code}/", f"/{code}?")):
            rest = path[len(code) + 1 :]
            return rest if rest.startswith("/") else f"/{rest}"
    return path


def in_language(path: str, code: str) -> str:
    """The same page in a language; what has one address for all languages, or is none of ours, keeps it."""
    if not path.startswith("/"):
        return path
    neutral = without_language(path)
    if code == settings.LANGUAGE_CODE or neutral.startswith(settings.PATHS_WITHOUT_LANGUAGE):
        return neutral
    return f"/{code}{neutral}"


def public_link(path: str, *, language: str = "") -> str:
    """Full address of one of our pages for a message.

    path: as reverse() gives it, in whatever language is spoken at the moment; who writes is rarely who reads.
    language: of the page; unless it is given, the page opens in the language of whoever opens it.
    """
    page = in_language(path, language) if language else without_language(path)
    return f"{settings.SITE_URL}{page}"


def proper_address(request: HttpRequest) -> str:
    """Where a page is whose address names a language of ours in another way; empty where nothing is wrong with it.

    So links are typed and written elsewhere: "/en/places/?q=1" is "/places/?q=1", "/hi-IN/" and "/HI/" are "/hi/".
    """
    named = (get_language_from_path(request.path_info) or "").lower()
    written = request.path_info.removeprefix("/").partition("/")[0]
    if not named or (written == named and named != settings.LANGUAGE_CODE):
        return ""
    # Without further slashes: the rest would be the name of another host.
    rest = request.get_full_path()[len(escape_uri_path(written)) + 1 :].lstrip("/")
    return in_language(f"/{rest}", named)

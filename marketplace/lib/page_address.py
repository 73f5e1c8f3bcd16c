"""Where a page is to be found, also one that answers a form."""

from django.http import HttpRequest


def shows_page_of(request: HttpRequest, path: str) -> None:
    """Say that the answer is the page of another address, since nothing can be looked at where the form was sent to."""
    request._page_path = path  # type: ignore[attr-defined]


def address_of_page(request: HttpRequest) -> str:
    """The address at which the page of this answer can be asked for, with its query."""
    return getattr(request, "_page_path", "") or request.get_full_path()

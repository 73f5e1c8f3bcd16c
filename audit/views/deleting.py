"""Nothing is deleted in the admin without a reason, which stands in the audit beside what is gone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

Page = Callable[..., HttpResponseBase]


def with_reason(page: Page) -> Page:
    """The page, which asks again where something would be deleted and nobody has said why."""

    @wraps(page)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _deletes(request) and not request.POST.get("_reason", "").replace("\0", "").strip():
            messages.error(request, _("Write why it is deleted. Nothing was deleted."))
            # Without the answer to its question Django asks again, whoever may delete at all.
            sent = request.POST.copy()
            del sent["post"]
            request.POST = sent if "action" in sent else QueryDict()  # type: ignore[assignment]
        return page(request, *args, **kwargs)

    return answered


def _deletes(request: HttpRequest) -> bool:
    """Whether it is the answer to Django's question, on the page of one row or of several."""
    if request.method != "POST" or "post" not in request.POST:
        return False
    match = request.resolver_match
    one = bool(match and (match.url_name or "").endswith("_delete"))
    return one or request.POST.get("action") == "delete_selected"

"""The page that a row has in the shop, for whoever may see the row in the admin."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect


def view_on_site(request: HttpRequest, content_type_id: str, object_id: str, site: AdminSite) -> HttpResponse:
    """Lead to the page of a row. 404: without such a page, and for whoever does not see the row itself.

    Django leads anybody of the staff to any row, whose address may say its title or number, at a host that is ours only
    where the table of sites says so.
    """
    about = _admin_of(site, content_type_id)
    if about is None or not about.has_view_or_change_permission(request):
        raise Http404
    row = about.get_object(request, object_id)
    if row is None or not about.has_view_or_change_permission(request, row):
        raise Http404
    url = about.get_view_on_site_url(row)
    if not url:
        raise Http404
    # Where the admin says no address of its own, its button leads here, and the row says it.
    return HttpResponseRedirect(url if callable(about.view_on_site) else row.get_absolute_url())


def _admin_of(site: AdminSite, content_type_id: str) -> Any:
    try:
        kind = ContentType.objects.get_for_id(int(content_type_id))
    except (ContentType.DoesNotExist, ValueError, OverflowError):
        return None
    return site._registry.get(kind.model_class())  # type: ignore[arg-type]  # None is no key of it

"""Putting an announcement away."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from programme.models import Announcement
from storefront.announcing import put_away


@csrf_exempt
@require_POST
def announcement_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it away and go back to the page in next (our own pages only). 404: not published, or it stays.

    Without a token, which every page of every visitor would have to carry: all that it changes is what this browser shows.
    """
    shown = Announcement.objects.published().filter(is_dismissible=True)
    put_away(request, get_object_or_404(shown, pk=pk).pk)
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)

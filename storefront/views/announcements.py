"""Putting an announcement away."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from programme.models import Announcement
from storefront.announcing import put_away
from storefront.going_back import is_sent_by_our_page, page_of_ours
from storefront.views.refused import form_refused


@csrf_exempt
@require_POST
def announcement_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it away and go back to the page in next (our own pages only). 404: not published, or it stays.

    A token would be a cookie for every visitor of every page. So the browser must say that a page of ours sent it, as it
    does with each form; from another site, which could end the session of whoever is signed in, it is refused: 403.
    """
    if not is_sent_by_our_page(request):
        return form_refused(request, REASON_BAD_ORIGIN)
    shown = Announcement.objects.published().filter(is_dismissible=True)
    put_away(request, get_object_or_404(shown, pk=pk).pk)
    return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")) or "/")

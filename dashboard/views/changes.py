"""Proposed changes of a listing on sale, and the photos that wait with them."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.models import ListingChange, ProposedPhoto
from catalogue.services.changes import SHOWN_WIDTH, private_storage
from marketplace.lib.photos import rendition_name


@require_safe
@login_required
@cache_control(private=True, max_age=3600)
def proposed_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo that no shopper sees yet, for its group and for staff; 404 for anybody else."""
    own = ListingChange.objects.visible_to(request.user)
    photo = get_object_or_404(ProposedPhoto, pk=pk, change__in=own)
    try:
        file = private_storage().open(rendition_name(photo.file, SHOWN_WIDTH))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    return response

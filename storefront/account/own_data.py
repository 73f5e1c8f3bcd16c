"""The file of all that is held about a person: asked for and fetched by that person alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.lib.downloads import zip_file
from people.models import User
from privacy.errors import TooManyExports
from privacy.models import DataExport
from privacy.register import TOLD
from privacy.services import exporting
from storefront.account.confirming import confirmed, to_confirm
from storefront.account.proof import is_confirmed

SHOWN = 5


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def own_data(request: HttpRequest) -> HttpResponse:
    """What is held, the files that were made, and the way to another one."""
    files = list(DataExport.objects.visible_to(request.user)[:SHOWN])
    now = timezone.now()
    context = {
        "files": files,
        "fetched": {file.pk for file in files if file.file and file.expires_at and file.expires_at > now},
        "is_under_way": any(file.state in DataExport.OPEN for file in files),
        "kinds": [str(told.title) for told in TOLD],
    }
    return render(request, "account/own_data.html", context)


@never_cache
@confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def own_data_ask(request: HttpRequest) -> HttpResponse:
    """Have the file made; a look at the address, as after typing the password, leads to the button."""
    if request.method == "POST" and isinstance(request.user, User):
        try:
            exporting.ask(request.user, language=get_language() or "en")
        except TooManyExports as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("Your file is being made. Look here again in a minute or two."))
    return redirect("account-data")


@never_cache
@require_safe
@login_required
def own_data_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file. 404 for anybody but whose data it holds, and after its days."""
    rows = DataExport.objects.visible_to(request.user).to_fetch(timezone.now())
    found = get_object_or_404(rows, pk=pk)
    if not is_confirmed(request):
        return to_confirm(request)
    day = found.asked_at.date().isoformat()
    return zip_file(exporting.private_storage(), found.file, name=f"my-data-{day}")

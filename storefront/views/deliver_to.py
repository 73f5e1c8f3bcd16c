"""Where goods should go: said once, used for every estimate, preset in the checkout."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storefront.checkout.session import CheckoutSession
from storefront.deliver_to import DeliverToForm, state_names
from storefront.delivery import DEFAULT_COUNTRY


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deliver_to(request: HttpRequest) -> HttpResponse:
    """Choose the place, then go back to the page in "next" (our own pages only), else to the basket."""
    session = CheckoutSession(request)
    target = (request.POST or request.GET).get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = ""
    said = session.to or session.typed
    initial = {"country": said.get("country") or DEFAULT_COUNTRY, "state": said.get("state", "")}
    form = DeliverToForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        session.keep_to(**form.cleaned_data)
        return redirect(target or "basket")
    context = {"form": form, "next": target, "states": state_names(), "section": ""}
    return render(request, "storefront/deliver_to.html", context)

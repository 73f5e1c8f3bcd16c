"""What delivery will cost, said before the checkout asks where to."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from oscar.core.loading import get_model

from orders.shipping.options import DeliveryOption, delivery_options
from storefront.checkout.session import CheckoutSession
from vendors.models import Partner

Country = get_model("address", "Country")

DEFAULT_COUNTRY = "BT"


@dataclass(frozen=True)
class Destination:
    """A country that an order may go to: code and name. is_guess: the visitor has not said so."""

    code: str
    name: str
    is_guess: bool


def destination(request: HttpRequest) -> Destination:
    """Where this visitor's order goes, as far as the checkout knows, else Bhutan; one query."""
    said = CheckoutSession(request).country_code
    code = said or DEFAULT_COUNTRY
    names = Country.objects.filter(pk=code).values_list("printable_name", flat=True)
    return Destination(code, next(iter(names), code), is_guess=not said)


def cheapest(vendor: Partner, goods: Decimal, *, currency: str, to: Destination) -> DeliveryOption | None:
    """The cheapest way this group sends goods of that value there; None when it does not; one query.

    goods: in currency. The group's home region must have been read.
    """
    return next(
        iter(delivery_options({vendor: goods}, currency=currency, country_code=to.code)[vendor.pk]), None
    )

"""What delivery will cost, said before the checkout asks where to."""

from dataclasses import dataclass

from django.http import HttpRequest
from oscar.core.loading import get_model

from orders.domain.delivery import Package
from orders.shipping.options import DeliveryOption, delivery_options
from storefront.checkout.session import CheckoutSession
from vendors.models import Partner

Country = get_model("address", "Country")

DEFAULT_COUNTRY = "BT"


@dataclass(frozen=True)
class Destination:
    """A country that an order may go to: code and name. is_guess: the visitor has not said so. path: of the place."""

    code: str
    name: str
    is_guess: bool
    path: str


def destination(request: HttpRequest) -> Destination:
    """Where this visitor's order goes, as far as the checkout knows, else Bhutan; one query."""
    session = CheckoutSession(request)
    said = session.country_code
    code = said or DEFAULT_COUNTRY
    names = Country.objects.filter(pk=code).values_list("printable_name", flat=True)
    return Destination(code, next(iter(names), code), is_guess=not said, path=session.to_path or f"{code}/")


def cheapest(vendor: Partner, package: Package, *, currency: str, to: Destination) -> DeliveryOption | None:
    """The cheapest way this group sends a package there; None when it does not; two queries.

    package: its total in currency. The group's home region must have been read.
    """
    offered = delivery_options({vendor: package}, currency=currency, to_path=to.path)
    return next(iter(offered[vendor.pk].options), None)

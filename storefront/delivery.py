"""What delivery will cost and when goods arrive, said before the checkout asks for the address."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from oscar.core.loading import get_model

from marketplace.lib.countries import country_name
from orders.days import day_words
from orders.domain.delivery import Package
from orders.shipping.options import DeliveryOption, Offered, delivery_options, place_path
from storefront.checkout.session import CheckoutSession
from vendors.models import Partner

Country = get_model("address", "Country")

DEFAULT_COUNTRY = "BT"


@dataclass(frozen=True)
class Destination:
    """Where an order may go: country code, and name ("Paro, Bhutan"). is_guess: nobody has said so. path: of the place."""

    code: str
    name: str
    is_guess: bool
    path: str


def destination(request: HttpRequest) -> Destination:
    """Where this visitor's order goes as was said last, else Bhutan; two queries at most."""
    session = CheckoutSession(request)
    said = session.to or session.typed
    code = said.get("country") or DEFAULT_COUNTRY
    state = said.get("state", "")
    names = Country.objects.filter(pk=code).values_list("printable_name", flat=True)
    name = country_name(code, next(iter(names), code))
    return Destination(
        code,
        f"{state}, {name}" if state else name,
        is_guess=not said.get("country"),
        path=place_path(code, state=state, town=said.get("town", "")),
    )


def offered_by(vendor: Partner, package: Package, *, currency: str, to: Destination) -> Offered:
    """How this group sends a package there, cheapest first, or why it does not; two queries.

    package: its total in currency. The group's home region must have been read.
    """
    return delivery_options({vendor: package}, currency=currency, to_path=to.path)[vendor.pk]


def arrival_words(option: DeliveryOption, today: date) -> str:
    """When goods that are paid for today are there: "arrives 3 to 8 December", "ready on 3 December"."""
    first, last = (today + timedelta(days=days) for days in (option.days_min, option.days_max))
    return day_words(first, last, is_pick_up=option.carrier == "pick_up")

"""A shop with real places and everything that a page can show, and the pages that are looked at."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import Client

from catalogue.models import Product, ProductImage
from orders.models import Shipment
from orders.services import fulfilment, releasing
from orders.services.placing import place_order
from regions.models import Region
from tests.browser.goods import add_picture, countries, write_files
from tests.browser.shoppers import SHOPPER_PAGES, build_shoppers
from tests.browser.sights import Cookies, Shown, Town, at
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import GroupPersonFactory, MembershipFactory, StockRecordFactory, VendorFactory
from tests.support.sale import checkout_data, filled_basket, open_shop
from vendors.models import Membership
from vendors.services.requirements import create_requirements

ADDRESS = {
    "name": "Tashi Wangmo",
    "phone": "17 12 34 56",
    "email": "",
    "country": "BT",
    "state": "Haa",
    "town": "Katsho",
    "street": "Above the school",
    "postcode": "",
}


def build_town(media: Path) -> Town:
    """Real places; a group with 26 listings, three drafts and orders in each state that has a page of its own."""
    call_command("load_reference_data", verbosity=0, stdout=StringIO())
    countries()
    open_shop()
    town = Town(Region.objects.get(code="BT-44-KHOMA"))
    group = VendorFactory(
        name="Khoma Weavers",
        code="khoma-weavers",
        home_region=town.khoma,
        story="Twelve women weave at home.\n\nThe silk is dyed with madder and lac.",
        household_count=12,
        is_example=True,
    )
    cloth = CategoryFactory(name="Cloth", slug="cloth")
    CategoryFactory(name="Food", slug="food")
    for number in range(26):
        listing = ListingFactory(
            title=f"Kishuthara shawl {number}",
            vendor=group,
            categories=[cloth],
            description="Woven on a backstrap loom in forty days.",
            net_quantity=1,
            net_unit=Product.Unit.PIECE,
            stock__price=Decimal("4500.50") + number,
        )
        add_picture(listing, media)
        town.listings.append(listing)
    sized = ListingFactory(title="Belt in sizes", vendor=group, categories=[cloth], stock=None)
    for label in ("narrow", "wide"):
        SizeFactory(parent=sized, size_label=label)
    town.listings.append(sized)
    StockRecordFactory._meta.model.objects.filter(product=town.listings[3]).update(num_in_stock=0)
    town.drafts = [
        ListingFactory(title=f"A {word} listing", vendor=group, **{word: True})
        for word in ("draft", "returned", "submitted")
    ]
    for photo in ProductImage.objects.filter(product=town.drafts[2]):
        write_files(photo, media)
    _build_people(town, group)
    return town


def _build_people(town: Town, group: object) -> None:
    shopper = PersonFactory(name="Sonam Choden", email="sonam@example.org")
    chair = MembershipFactory(vendor=group, role=Membership.Role.CHAIR).user
    for name in ("unpaid", "paid", "accepted", "sent"):
        basket = filled_basket((town.listings[0], 1), (town.listings[1], 2))
        town.orders[name] = place_order(basket, checkout_data(basket, user=shopper))
        if name != "unpaid":
            releasing.release(town.orders[name])
        if name in ("accepted", "sent"):
            fulfilment.accept(town.part(name), actor=chair)
    create_requirements()
    draft = VendorFactory(draft=True, name="Khoma dyers", code="khoma-dyers", home_region=town.khoma)
    applicant = MembershipFactory(vendor=draft).user
    GroupPersonFactory(vendor=draft, consented_at=None)
    build_shoppers(town, chair=chair)
    by_bus = fulfilment.ShipmentData(
        carrier=Shipment.Carrier.VEHICLE,
        vehicle_number="BP-1-A1234",
        driver_name="Karma",
        driver_phone="+97517654321",
    )
    fulfilment.ship(town.part("sent"), by_bus, actor=chair)
    town.cookies |= {
        "visitor": {},
        "buyer": _cookies_of_buyer(town),
        "shopper": _cookies_of(shopper),
        "member": _cookies_of(chair),
        "applicant": _cookies_of(applicant),
    }


def _cookies_of_buyer(town: Town) -> Cookies:
    """Somebody with two things in the basket who has come as far as the last page of the checkout."""
    client = Client()
    for listing in town.listings[:2]:
        client.post("/basket/add/", {"product": listing.pk, "quantity": 1})
    client.post("/checkout/", ADDRESS)
    client.post("/checkout/delivery/", {f"delivery-{town.listings[0].vendor_id}": "post"})
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _cookies_of(person: object) -> Cookies:
    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


PAGES: dict[str, Shown] = {
    "home": Shown("visitor", at("/"), in_dark=True),
    "home in Dzongkha": Shown("visitor", at("/language/dz/?next=/")),
    "how it works in Hindi": Shown("visitor", at("/language/hi/?next=/how-it-works/")),
    "how it works": Shown("visitor", at("/how-it-works/"), in_dark=True),
    "places": Shown("visitor", at("/places/")),
    "country": Shown("visitor", at("/places/BT/")),
    "dzongkhag": Shown("visitor", at("/places/BT-44/")),
    "gewog": Shown("visitor", at("/places/BT-44-KHOMA/"), in_dark=True),
    "place without listings": Shown("visitor", at("/places/IN-ML-275/")),
    "category": Shown("visitor", at("/category/cloth/")),
    "products": Shown("visitor", at("/products/")),
    "second page of products": Shown("visitor", at("/products/?page=2")),
    "search": Shown("visitor", at("/products/?q=shawl&place=Khoma&in_stock=on")),
    "search without an answer": Shown("visitor", at("/products/?q=zzzzzz&price_max=nonsense")),
    "listing": Shown("visitor", lambda town: town.listings[0].get_absolute_url(), in_dark=True),
    "listing that is sold out": Shown("visitor", lambda town: town.listings[3].get_absolute_url()),
    "listing in sizes": Shown("visitor", lambda town: town.listings[-1].get_absolute_url()),
    "groups": Shown("visitor", at("/groups/")),
    "group": Shown("visitor", at("/groups/khoma-weavers/")),
    "sell": Shown("visitor", at("/sell/"), in_dark=True),
    "sell, begin": Shown("applicant", at("/sell/begin/")),
    "application": Shown("applicant", at("/dashboard/our-group/application/"), in_dark=True),
    "application, facts": Shown("applicant", at("/dashboard/our-group/facts/")),
    "application, place": Shown("applicant", at("/dashboard/our-group/place/")),
    "application, photos": Shown("applicant", at("/dashboard/our-group/photos/")),
    "application, people": Shown("applicant", at("/dashboard/our-group/people/")),
    "application, papers": Shown("applicant", at("/dashboard/our-group/papers/")),
    "application, account at Stripe": Shown("applicant", at("/dashboard/money/stripe/")),
    "group before it is approved": Shown("applicant", at("/groups/khoma-dyers/")),
    "empty basket": Shown("visitor", at("/basket/")),
    "basket": Shown("buyer", at("/basket/"), in_dark=True),
    "checkout, address": Shown("buyer", at("/checkout/")),
    "checkout, delivery": Shown("buyer", at("/checkout/delivery/"), in_dark=True),
    "checkout, review": Shown("buyer", at("/checkout/review/"), in_dark=True),
    "sign in": Shown("visitor", at("/account/login/"), in_dark=True),
    "join": Shown("visitor", at("/account/join/")),
    "find an order": Shown("visitor", at("/orders/find/")),
    "account": Shown("shopper", at("/account/")),
    "order to pay": Shown("shopper", lambda town: town.orders["unpaid"].get_absolute_url()),
    "order paid": Shown("shopper", lambda town: town.orders["paid"].get_absolute_url()),
    "order on its way": Shown("shopper", lambda town: town.orders["sent"].get_absolute_url(), in_dark=True),
    "nothing here": Shown("visitor", at("/places/NOWHERE/"), 404),
    "desk": Shown("member", at("/dashboard/"), in_dark=True),
    "desk, orders": Shown("member", at("/dashboard/orders/")),
    "desk, new order": Shown("member", lambda town: town.part("paid").get_absolute_url()),
    "desk, order to send": Shown(
        "member", lambda town: town.part("accepted").get_absolute_url(), in_dark=True
    ),
    "desk, order sent": Shown("member", lambda town: town.part("sent").get_absolute_url()),
    "desk, listings": Shown("member", at("/dashboard/listings/")),
    "desk, new listing": Shown("member", at("/dashboard/listings/new/")),
    "desk, draft": Shown("member", lambda town: f"/dashboard/listings/{town.drafts[0].pk}/", in_dark=True),
    "desk, returned listing": Shown("member", lambda town: f"/dashboard/listings/{town.drafts[1].pk}/"),
    "desk, listing under review": Shown("member", lambda town: f"/dashboard/listings/{town.drafts[2].pk}/"),
    "desk, listing on sale": Shown(
        "member", lambda town: f"/dashboard/listings/{town.listings[0].pk}/", in_dark=True
    ),
    "desk, listing in sizes": Shown("member", lambda town: f"/dashboard/listings/{town.listings[-1].pk}/"),
    **SHOPPER_PAGES,
}

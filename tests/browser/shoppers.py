"""Shoppers of the town whose pages take more than a visit: orders in every state, lists that are kept, a full basket."""

from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from catalogue.services.following import follow_group, follow_place
from catalogue.services.saving import save_listing
from catalogue.services.stock_requests import ask
from notices.models import Notice
from orders.models import Order, Shipment
from orders.services import cancelling, fulfilment, releasing, returns
from orders.services.aside import set_aside
from orders.services.placing import place_order
from payments.services.attempts import start_payment
from payments.services.settling import settle
from people.models import User
from storefront.account.proof import CONFIRMED
from tests.browser.sights import Shown, Town, at, found, order
from tests.factories.catalogue import ListingFactory
from tests.factories.offers import an_offer
from tests.factories.orders import UserAddressFactory
from tests.factories.people import PersonFactory
from tests.factories.programme import CollectionFactory, StoryFactory
from tests.orders.returned import wish
from tests.payments.given import allow_cash
from tests.support.sale import checkout_data, filled_basket

CODE = "HARVEST"


def build_shoppers(town: Town, *, chair: User) -> None:
    """Add a regular customer with orders, lists and a basket, a newcomer who waits for a code, a collection, a story."""
    regular = PersonFactory(name="Pema Lhamo", email="pema@example.org")
    states = ("transfer", "expired", "refunded", "cash", "delivered", "returned")
    for name, listing in zip(states, town.listings[10:], strict=False):
        basket = filled_basket((listing, 2))
        town.orders[name] = place_order(basket, checkout_data(basket, user=regular))
    _settle(town, chair)
    case = returns.ask(town.part("returned"), wish(town.part("returned"), 1), actor=regular)
    number, delivered = town.orders["delivered"].number, town.part("delivered")
    town.addresses |= {
        "return": f"/orders/{town.orders['returned'].number}/returns/{case.pk}/",
        "ask for a return": f"/orders/{number}/{delivered.number}/return/",
        "review": f"/orders/{number}/review/{delivered.lines.first().pk}/",
        "stock request": _asked_as_guest(town),
    }
    _keep(town, regular)
    CollectionFactory(published=True, slug="for-losar", region=town.khoma, listings=town.listings[4:9])
    StoryFactory(published=True, slug="madder", region=town.khoma)
    town.cookies |= {
        "regular": _cookies_of_regular(town, regular),
        "newcomer": _cookies_after(Client(), "/account/join/", {"contact": "new@example.org"}),
        "keeper": _cookies_of_buyer(town, UserAddressFactory(user=PersonFactory()).user),
        "mistaken": _cookies_of_buyer(town, None),
    }


def _settle(town: Town, chair: User) -> None:
    """Bring the orders to where their names say."""
    start_payment(town.orders["transfer"], "bank_transfer")
    releasing.expire(town.orders["expired"])
    releasing.release(town.orders["refunded"])
    cancelling.cancel_by_buyer(town.part("refunded"), actor=town.orders["refunded"].user)
    Order.objects.filter(pk=town.orders["refunded"].pk).update(status=Order.Status.REFUNDED)
    allow_cash(town.part("cash").vendor)
    settle(start_payment(town.orders["cash"], "cash_on_delivery").pk)
    cancelling.cancel(town.part("cash"), actor=chair, reason="The harvest was too small.")
    for name in ("delivered", "returned"):
        releasing.release(town.orders[name])
        fulfilment.accept(town.part(name), actor=chair)
        by_post = fulfilment.ShipmentData(
            carrier=Shipment.Carrier.COURIER, courier_name="Bhutan Post", tracking_number="EX15740533BT"
        )
        fulfilment.ship(town.part(name), by_post, actor=chair)
        fulfilment.deliver(town.part(name), actor=chair)


def _asked_as_guest(town: Town) -> str:
    """Address of the page where somebody who waits for a sold-out thing says yes."""
    gone = town.listings[3]
    Client().post(f"/products/{gone.pk}/back-in-stock/", {"product": gone.pk, "contact": "karma@example.org"})
    return urlsplit(Notice.objects.filter(kind="stock_asked").latest("pk").context["link"]).path


def _keep(town: Town, regular: User) -> None:
    for listing in town.listings[3:7]:
        save_listing(regular, listing.pk)
    follow_group(regular, town.listings[0].vendor)
    follow_place(regular, town.khoma)
    ask(regular, town.listings[3].pk)
    UserAddressFactory(user=regular)


def _cookies_of_regular(town: Town, regular: User) -> dict[str, str]:
    """A basket with an offer by code, a line of which less is left than wanted, and something saved for later."""
    an_offer(code=CODE)
    scarce = ListingFactory(title="A rare belt", vendor=town.listings[0].vendor)
    client = Client()
    client.force_login(regular)
    for listing, units in ((town.listings[5], 1), (town.listings[6], 1), (scarce, 3)):
        client.post("/basket/add/", {"product": listing.pk, "quantity": units, "form_key": f"k{listing.pk}"})
    scarce.stockrecords.update(num_in_stock=1)
    basket = regular.baskets.get()
    set_aside(basket, regular, town.listings[6].pk)
    session = client.session
    session[CONFIRMED] = {"person": regular.pk, "at": timezone.now().timestamp()}
    session.save()
    return _cookies_after(client, "/basket/code/", {"code": CODE, "at": "basket"})


def _cookies_of_buyer(town: Town, person: User | None) -> dict[str, str]:
    """Somebody with one thing in the basket, signed in or not."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return _cookies_after(client, "/basket/add/", {"product": town.listings[0].pk, "quantity": 1})


def _cookies_after(client: Client, address: str, form: dict[str, object]) -> dict[str, str]:
    """Cookies of somebody who has sent a form."""
    answer = client.post(address, form)
    assert answer.status_code == 302, address
    return {name: morsel.value for name, morsel in client.cookies.items()}


SHOPPER_PAGES: dict[str, Shown] = {
    "impact": Shown("visitor", at("/impact/")),
    "collections": Shown("visitor", at("/collections/")),
    "collection": Shown("visitor", at("/collections/for-losar/")),
    "stories": Shown("visitor", at("/stories/")),
    "story": Shown("visitor", at("/stories/madder/")),
    "where to deliver": Shown("visitor", at("/deliver-to/")),
    "hand-over code": Shown("visitor", at("/orders/received/")),
    "report a listing": Shown("visitor", lambda town: f"/products/{town.listings[0].pk}/report/"),
    "report a wrong word": Shown("visitor", at("/wrong-word/?page=/places/")),
    "follow a group": Shown("visitor", at("/groups/khoma-weavers/follow/")),
    "save a listing": Shown("visitor", lambda town: f"/products/{town.listings[0].pk}/save/"),
    "tell me when it is back": Shown(
        "visitor", lambda town: f"/products/{town.listings[3].pk}/back-in-stock/"
    ),
    "stock request of a guest": Shown("visitor", found("stock request")),
    "a code was sent": Shown("newcomer", at("/account/code/")),
    "sign in, wrong": Shown("visitor", at("/account/login/"), sent={"id_contact": "nobody"}),
    "password": Shown("regular", at("/account/password/")),
    "saved listings": Shown("regular", at("/account/saved/"), in_dark=True),
    "following": Shown("regular", at("/account/following/")),
    "back in stock": Shown("regular", at("/account/back-in-stock/")),
    "addresses": Shown("regular", at("/account/addresses/")),
    "new address": Shown("regular", at("/account/addresses/new/")),
    "how we reach you": Shown("regular", at("/account/reach/")),
    "own data": Shown("regular", at("/account/data/")),
    "close the account": Shown("regular", at("/account/close/")),
    "basket with an offer and a warning": Shown("regular", at("/basket/"), in_dark=True),
    "checkout, kept addresses": Shown("keeper", at("/checkout/")),
    "checkout, address with errors": Shown(
        "mistaken", at("/checkout/"), in_dark=True, sent={"id_phone": "1", "id_town": ""}
    ),
    "order that waits for a transfer": Shown("regular", order("transfer")),
    "order not paid in time": Shown("regular", order("expired")),
    "order refunded": Shown("regular", order("refunded"), in_dark=True),
    "order cancelled": Shown("regular", order("cash")),
    "order delivered": Shown("regular", order("delivered")),
    "order with a return": Shown("regular", order("returned")),
    "ask for a return": Shown("regular", found("ask for a return")),
    "return": Shown("regular", found("return")),
    "review": Shown("regular", found("review")),
}

"""Steps of buyers and groups in the browser, by the words that they see."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

from orders.models import Order
from tests.browser.goods import Stall
from tests.browser.running import Marketplace
from tests.factories.people import PASSWORD

PAYS, IS_DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"
GUEST_EMAIL = "tashi@example.net"


def put_into_basket(page: Page, stall: Stall) -> None:
    """Find a listing on the page of its place, and put the wanted units into the basket."""
    page.goto(f"/places/{stall.place.code}/")
    page.get_by_role("link", name=stall.listing.title).first.click()
    page.get_by_label("How many", exact=True).fill(str(stall.quantity))
    page.locator(".buyline").get_by_role("button", name="Add to basket").click()
    expect(page.get_by_role("status")).to_contain_text(stall.listing.title)


def write_address(page: Page, *, email: str = GUEST_EMAIL, phone: str = "") -> None:
    """Fill page 1 of the checkout for a house in Thimphu's neighbourhood, and go on."""
    page.goto("/basket/")
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("Name", exact=True).fill("Tashi Wangmo")
    page.get_by_label("E-mail").fill(email)
    if phone:
        page.get_by_label("Phone", exact=True).fill(phone)
    page.get_by_label("Dzongkhag").select_option("Haa")
    page.get_by_label("Gewog or town").fill("Katsho")
    page.get_by_label("House, street or landmark").fill("Above the school")
    page.get_by_role("button", name="Go on to delivery").click()


def choose_deliveries(page: Page, stalls: Iterable[Stall]) -> None:
    """Choose on page 2 how each group sends, and go on."""
    expect(page.get_by_role("heading", level=1)).to_have_text("How shall each group send it?")
    for stall in stalls:
        box = page.get_by_role("group", name=f"Delivery from {stall.vendor.name}")
        box.get_by_text(stall.delivery.name).click()
        expect(box.get_by_role("radio", name=re.compile(stall.delivery.name))).to_be_checked()
    page.get_by_role("button", name="Go on and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is everything right?")


def order_button(page: Page):
    """The button of page 3 that places the order."""
    return page.get_by_role("button", name=re.compile("^Order and pay"))


def buy(page: Page, stalls: Iterable[Stall], *, email: str = GUEST_EMAIL, phone: str = "") -> Order:
    """Everything up to the open payment page; returns the order."""
    for stall in stalls:
        put_into_basket(page, stall)
    write_address(page, email=email, phone=phone)
    choose_deliveries(page, stalls)
    order_button(page).click()
    expect(page.get_by_role("button", name=re.compile("^Pay "))).to_be_visible()
    return Order.objects.get()


def is_at_simulator(page: Page, shop: Marketplace) -> bool:
    """Whether the browser shows a page of the simulator."""
    return urlsplit(page.url).netloc == urlsplit(shop.simulator_url).netloc


def pay(page: Page, card: str = PAYS) -> None:
    """Type a card on the simulator's page and press its button."""
    page.get_by_label("Card number").fill(card)
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def pay_and_leave(page: Page, card: str = PAYS) -> None:
    """Press the simulator's button and close the browser before it hears the answer that leads back to the shop."""

    def lose_the_answer(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        assert "/checkout/return/" in answer.headers["location"]
        route.abort()

    page.route(re.compile("/c/pay/"), lose_the_answer)
    page.get_by_label("Card number").fill(card)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name=re.compile("^Pay ")).click(no_wait_after=True)
    page.context.close()


def sign_in(page: Page, contact: str) -> None:
    """Sign in on the page that asks for it."""
    page.get_by_label("Phone number or e-mail address").fill(contact)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def accept_and_ship_by_bus(page: Page) -> None:
    """As a member at the desk: follow the first thing to do, say yes, and hand the goods to a bus."""
    page.get_by_role("link", name=re.compile("Say yes to an order")).click()
    page.get_by_role("button", name="Yes, accept the order").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted.")
    page.get_by_text("bus or taxi", exact=False).first.click()
    page.get_by_label("Number of the bus or taxi").fill("BP-1-A1234")
    page.get_by_label(re.compile("^Driver:?$")).fill("Karma")
    page.get_by_label("Driver's phone number").fill("17 65 43 21")
    page.get_by_role("button", name="Handed over, tell the buyer").click()
    expect(page.get_by_role("status")).to_contain_text("Handed over.")

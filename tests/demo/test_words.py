"""What people read on the demonstration pages: every text filled in, every foreign word said to be foreign."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from catalogue.models import Product
from catalogue.services.following import follow_group
from catalogue.services.saving import save_listing
from catalogue.services.stock_requests import ask
from orders.models import Order, VendorOrder
from orders.services.kept_addresses import AddressWords, keep_address
from orders.services.notifying import status_link
from regions.models import Region
from storefront.account.proof import CONFIRMED
from tests.demo.reading import Reader, faults_of, unmarked
from tests.factories.people import PersonFactory

OF_AN_ACCOUNT = (
    "account-home",
    "account-addresses",
    "account-address-new",
    "account-saved",
    "account-following",
    "account-stock",
    "account-reach",
    "account-data",
    "account-close",
    "account-password",
)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PER_ROUTE, AT_MOST = 3, 150
HOME = AddressWords(
    name="Tashi",
    country_code="BT",
    state="Haa",
    town="Katsho",
    street="Above the school",
    postcode="",
    receiver_phone="",
)
ADDRESS = {
    "name": "Tashi",
    "phone": "17123456",
    "email": "tashi@example.org",
    "country": "BT",
    "state": "Haa",
    "town": "Katsho",
    "street": "Above the school",
    "postcode": "",
}


@pytest.fixture
def read(demo):
    """Reads a page: what is wrong with it. Names of places stand as they are written, those of countries do not."""
    places = Region.objects.exclude(level=Region.Level.COUNTRY).values_list("name", flat=True)
    longest_first = sorted(map(re.escape, places), key=len, reverse=True)
    names = re.compile(rf"\b(?:{'|'.join(longest_first)})(?!\w)")

    def faults(answer):
        html = answer.content.decode()
        return faults_of(html) + unmarked(html, names=names)

    return faults


def walk(client, read, *starts):
    """Follow links from there, a few of each route; address -> faults."""
    waiting, seen, routes, found = list(starts), set(starts), Counter(), {}
    while waiting and len(found) < AT_MOST:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        found[address] = read(answer)
        for link in Reader(answer.content.decode()).links:
            path = urlsplit(link)
            target = f"{path.path}?{path.query}" if path.query else path.path
            if path.netloc or not path.path or target in seen:
                continue
            seen.add(target)
            name = route_of(path.path)
            if name and routes[name] < PER_ROUTE:
                routes[name] += 1
                waiting.append(target)
    return found


def route_of(path):
    """Name of the route of a page that is read; nothing for the admin, files and what leads elsewhere."""
    if path.startswith(("/admin/", *settings.PATHS_WITHOUT_LANGUAGE)):
        return ""
    try:
        name = resolve(path).url_name
    except Resolver404:
        return ""
    return "" if name in ("language", "account-logout") else name


def home(language):
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def bad(found):
    return {address: faults for address, faults in found.items() if faults}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_shop(client, read, language):
    with translation.override(language):
        starts = [
            home(language),
            *map(reverse, ("order-find", "account-login", "deliver-to", "order-received")),
        ]

    found = walk(client, read, *starts)

    assert len(found) > 40
    assert bad(found) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_from_the_basket_to_the_order(client, read, language):
    listing = (
        Product.objects.live()
        .whole()
        .filter(structure="standalone", stockrecords__num_in_stock__gt=3)
        .first()
    )
    with translation.override(language):
        pages = {name: reverse(name) for name in ("basket", "basket-add", "checkout-address")}
        delivery, review = reverse("checkout-delivery"), reverse("checkout-review")
    found = {"empty": read(client.get(pages["basket"]))}

    client.post(pages["basket-add"], {"product": listing.pk, "quantity": 1})
    found["basket"] = read(client.get(pages["basket"]))
    wrong = client.post(pages["checkout-address"], {"country": "BT", "phone": "1", "postcode": "x"})
    found["errors"] = read(wrong)
    client.post(pages["checkout-address"], ADDRESS)
    page = client.get(delivery)
    found["delivery"] = read(page)
    chosen = {name: field.choices[0][0] for name, field in page.context["form"].fields.items()}
    client.post(delivery, chosen)
    found["review"] = read(client.get(review))
    states = {order.status: order for order in Order.objects.order_by("pk")}
    for state, order in states.items():
        order.language = language
        link = urlsplit(status_link(order))._replace(scheme="", netloc="").geturl()
        found[state] = read(client.get(link, follow=True))

    assert len(states) > 3
    assert bad(found) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_an_account(client, read, language):
    person = PersonFactory(preferred_language=language)
    client.force_login(person)
    part = (
        VendorOrder.objects.filter(state=VendorOrder.State.DELIVERED)
        .select_related("order", "vendor")
        .latest("pk")
    )
    Order.objects.filter(pk=part.order_id).update(user=person)
    listing = Product.objects.live().whole().latest("pk")
    sold_out = (
        Product.objects.live().whole().filter(structure="standalone", stockrecords__num_in_stock=0).first()
    )
    save_listing(person, listing.pk)
    follow_group(person, part.vendor)
    ask(person, sold_out.pk)
    keep_address(person, HOME)
    with translation.override(language):
        pages = [reverse(name) for name in OF_AN_ACCOUNT]
        pages += [reverse("listing-stock", args=[sold_out.pk]), part.order.get_absolute_url()]

    session = client.session
    session[CONFIRMED] = {"person": person.pk, "at": timezone.now().timestamp()}
    session.save()

    answers = {page: client.get(page) for page in pages}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert bad({page: read(answer) for page, answer in answers.items()}) == {}


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ('<html lang="en"><p>Red rice</p><p lang="dz">འབྲུག</p></html>', 0),
        ('<html lang="en"><p>འབྲུག</p></html>', 1),
        ('<html lang="hi"><img alt="འབྲུག"></html>', 1),
        ('<html lang="hi"><p>मूल्य None</p></html>', 1),
        ('<html lang="en"><p>None of it came</p></html>', 0),
        ('<html lang="en"><p>Order %(number)s</p><p>{{ name }}</p><p>order_paid</p><p>None</p></html>', 4),
    ],
)
def test_what_should_not_be_read_is_seen(html, faults):
    assert len(faults_of(html)) == faults


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ('<html lang="dz"><p>Red rice</p></html>', 1),
        ('<html lang="dz"><p lang="en">Red rice</p></html>', 0),
        ('<html lang="hi"><p>Khoma Weavers \u0938\u0947</p></html>', 1),
        ('<html lang="hi"><p><span lang="en">Khoma Weavers</span> \u0938\u0947</p></html>', 0),
        ('<html lang="hi"><button aria-label="Red rice \u0939\u091f\u093e\u090f\u0901">x</button></html>', 0),
        ('<html lang="hi"><img alt="Red rice"><option>Rice</option></html>', 2),
        ('<html lang="hi"><p>Paro, 500 g, BT-11, GI 344, \u20b9280 (INR), tashi@example.org</p></html>', 0),
        ('<html lang="en"><p>Red rice</p></html>', 0),
    ],
)
def test_an_english_word_that_is_not_said_to_be_english_is_seen(html, faults):
    assert len(unmarked(html, names=re.compile("Paro"))) == faults

"""What people read on the demonstration pages: every text filled in, every foreign word said to be foreign."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from catalogue.models import Product
from orders.models import Order
from orders.services.notifying import status_link
from tests.demo.reading import Reader, faults_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PER_ROUTE, AT_MOST = 3, 150
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


def walk(client, *starts):
    """Follow links from there, a few of each route; address -> faults."""
    waiting, seen, routes, found = list(starts), set(starts), Counter(), {}
    while waiting and len(found) < AT_MOST:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        html = answer.content.decode()
        found[address] = faults_of(html)
        for link in Reader(html).links:
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
def test_pages_of_the_shop(demo, client, language):
    with translation.override(language):
        starts = [
            home(language),
            *map(reverse, ("order-find", "account-login", "deliver-to", "order-received")),
        ]

    found = walk(client, *starts)

    assert len(found) > 40
    assert bad(found) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_from_the_basket_to_the_order(demo, client, language):
    listing = (
        Product.objects.live()
        .whole()
        .filter(structure="standalone", stockrecords__num_in_stock__gt=3)
        .first()
    )
    with translation.override(language):
        pages = {name: reverse(name) for name in ("basket", "basket-add", "checkout-address")}
        delivery, review = reverse("checkout-delivery"), reverse("checkout-review")
    found = {"empty": faults_of(client.get(pages["basket"]).content.decode())}

    client.post(pages["basket-add"], {"product": listing.pk, "quantity": 1})
    found["basket"] = faults_of(client.get(pages["basket"]).content.decode())
    wrong = client.post(pages["checkout-address"], {"country": "BT", "phone": "1", "postcode": "x"})
    found["errors"] = faults_of(wrong.content.decode())
    client.post(pages["checkout-address"], ADDRESS)
    page = client.get(delivery)
    found["delivery"] = faults_of(page.content.decode())
    chosen = {name: field.choices[0][0] for name, field in page.context["form"].fields.items()}
    client.post(delivery, chosen)
    found["review"] = faults_of(client.get(review).content.decode())
    states = {order.status: order for order in Order.objects.order_by("pk")}
    for state, order in states.items():
        order.language = language
        found[state] = faults_of(
            client.get(
                urlsplit(status_link(order))._replace(scheme="", netloc="").geturl(), follow=True
            ).content.decode()
        )

    assert len(states) > 3
    assert bad(found) == {}


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

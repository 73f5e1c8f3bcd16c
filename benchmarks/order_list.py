"""The order list of a group with 20,000 vendor orders, among 20,000 of others: CPU of the server for one page."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from benchmarks.counting import counted
from benchmarks.cpu import REPEATS, TICK_MS, get, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse, make_sales, make_vendors
from orders.models import VendorOrder
from vendors.models import Membership

ORDERS = 20_000
OTHERS = 200
LIMIT_MS = 50
# How the group's orders stand: every tenth of the newest thousand waits for something.
WAITING = {"new": 40, "accepted": 30, "packed": 30, "shipped": 400}
PAGES = {"To do": "", "On the way": "way", "Done": "done", "All": "all", "All, page 500": "all&page=500"}


def measure(_ground: Ground) -> Result:
    """Median CPU of a page: that of Django and that of PostgreSQL's process for this connection, together."""
    vendor, *others = make_vendors(OTHERS + 1)
    make_sales([vendor], each=ORDERS)
    make_sales(others, each=ORDERS // OTHERS)
    _spread(vendor.pk)
    client = _member(vendor)
    rows = [("vendor orders of the group", f"{ORDERS:,}"), ("of others", f"{ORDERS:,}")]
    slowest = 0.0
    for name, show in PAGES.items():
        address = f"{reverse('dashboard-order-list')}?show={show}"
        django_ms, postgres_ms = mean_cpu(lambda address=address: get(client, address))
        with counted() as count:
            get(client, address)
        together = django_ms + postgres_ms
        slowest = max(slowest, together)
        rows.append(
            (
                name,
                f"{together:.0f} ms: Django {django_ms:.0f}, PostgreSQL {postgres_ms:.0f}; {count.statements} queries",
            )
        )
    rows.append((f"under {LIMIT_MS} ms", "yes" if slowest < LIMIT_MS else "NO"))
    return Result(
        f"Order list of a group with {ORDERS:,} vendor orders",
        rows,
        [
            f"CPU of the server for one page of 20 orders, mean of {REPEATS} after three that warm up: time of this"
            " process, which runs the whole of Django, and of PostgreSQL's process that serves it (counted in ticks"
            f" of {TICK_MS:.0f} ms over all repeats).",
        ],
    )


def _spread(vendor_pk: int) -> None:
    """One order a minute, the newest ones in states that wait for something."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE order_vendororder SET released_at = now() - (place * interval '1 minute'), created_at = now()"
            " - (place * interval '1 minute') FROM (SELECT id, row_number() OVER (ORDER BY id) AS place"
            " FROM order_vendororder WHERE vendor_id = %s) AS placed WHERE placed.id = order_vendororder.id",
            [vendor_pk],
        )
    start = 0
    for state, count in WAITING.items():
        newest = VendorOrder.objects.filter(vendor=vendor_pk).order_by(F("released_at").desc())
        keys = list(newest.values_list("pk", flat=True)[start : start + count])
        VendorOrder.objects.filter(pk__in=keys).update(state=state)
        start += count
    analyse()


def _member(vendor: object) -> Client:
    person = get_user_model().objects.create(email="chair@example.org", name="Chair")
    Membership.objects.create(vendor=vendor, user=person, role=Membership.Role.CHAIR)
    client = Client()
    client.force_login(person)
    return client

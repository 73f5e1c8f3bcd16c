"""What the audit costs: milliseconds of a save and of a sale with its triggers and without, and its pages when it is large."""

import time
from collections.abc import Callable
from decimal import Decimal

import pgtrigger
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from audit.models import Change
from benchmarks.counting import counted
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse
from catalogue.models import Product
from marketplace.lib.audit import noting
from regions.models import Region
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, placed_order
from vendors.models import Partner, StockRecord

REPEATS = 400
SALES = 40
OF_ONE_ROW = 20_000
CHANGES = 400_000
LIMIT_MS = 300


def measure(_ground: Ground) -> Result:
    """Each save in a transaction of many, so that the disk is not what is measured; then pages among many changes."""
    rows: list[tuple[str, str]] = []
    for name, call, repeats in _saves():
        without, written = _compared(call, repeats)
        rows.append((name, f"{without}; {written:.1f} changes written"))
    group = VendorFactory()
    _fill(group)
    rows.append(("changes kept", f"{Change.objects.count():,}"))
    rows.append(("bytes of one, indexes included", f"{_bytes_each():.0f}"))
    slowest = 0.0
    for name, address in _pages(group):
        taken, queries = _page(address)
        slowest = max(slowest, taken)
        rows.append((name, f"{taken:.0f} ms, {queries} queries"))
    rows.append((f"pages under {LIMIT_MS} ms", "yes" if slowest < LIMIT_MS else "NO"))
    return Result(
        "Audit: cost of a change, and pages",
        rows,
        [
            f"Saves: wall-clock time of one call, mean of {REPEATS} ({SALES} sales), in one transaction and with person, page"
            " and reason in the context; without: the same with the triggers disabled. Pages: the best of five.",
        ],
    )


def _saves() -> list[tuple[str, Callable[[], object], int]]:
    region, listing = RegionFactory(), ListingFactory()
    stock = StockRecord.objects.filter(product=listing)
    turn = iter(range(10**9))

    def rename() -> None:
        region.name = f"Place {next(turn)}"
        region.save()

    def retitle() -> None:
        listing.title = f"Cloth {next(turn)}"
        listing.save()

    goods = a_listing(units=10_000)
    return [
        ("save of a place", rename, REPEATS),
        (
            "update() of a place",
            lambda: Region.objects.filter(pk=region.pk).update(name=str(next(turn))),
            REPEATS,
        ),
        ("save of a place that changes nothing", region.save, REPEATS),
        ("save of a listing", retitle, REPEATS),
        ("units of a size, counted", lambda: stock.update(num_in_stock=F("num_in_stock") + 1), REPEATS),
        ("price of a size", lambda: stock.update(price=Decimal(1 + next(turn) % 1000)), REPEATS),
        ("place_order", lambda: placed_order((goods, 1)), SALES),
    ]


def _compared(call: Callable[[], object], repeats: int) -> tuple[str, float]:
    """The time with and without triggers, by turns so that a busy machine harms both; and changes written by one call."""
    times: dict[bool, list[float]] = {True: [], False: []}
    written = 0
    for half in range(6):
        is_on = half % 2 == 0
        _switch(is_on=is_on)
        with transaction.atomic(), noting(person=1, via="POST admin:regions_region_change", reason="Spelt"):
            call()
            before, start = Change.objects.count(), time.perf_counter()
            for _repeat in range(repeats // 3):
                call()
            times[is_on].append((time.perf_counter() - start) * 1000 / (repeats // 3))
            written += (Change.objects.count() - before) if is_on else 0
    _switch(is_on=True)
    with_, without = min(times[True]), min(times[False])
    return f"{with_:.2f} ms, without {without:.2f}: {with_ - without:+.2f}", written / (repeats // 3 * 3)


def _switch(*, is_on: bool) -> None:
    for model, trigger in pgtrigger.registered():
        with connection.cursor() as cursor:
            word = "ENABLE" if is_on else "DISABLE"
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {word} TRIGGER {trigger.get_pgid(model)}')


def _fill(group: Partner) -> None:
    """Many changes of one group, and many more of listings, by a hundred persons in a hundred places over two years."""
    people = get_user_model().objects.bulk_create(
        get_user_model()(email=f"p{number}@example.org", name=f"Person {number}") for number in range(100)
    )
    places = [RegionFactory().pk for _number in range(100)]
    listing: Product = ListingFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_change (at, model, row, action, before, after, about_model, about_row, place_id,"
            " person_id, on_behalf_of, reason, via, operation) SELECT now() - (n * 2.6) * interval '1 minute',"
            " CASE WHEN n %% 20 = 0 THEN 'partner.partner' ELSE 'catalogue.product' END,"
            " CASE WHEN n %% 20 = 0 THEN %s ELSE (%s + n %% 5000)::text END, 'changed',"
            """ '{"state": "live"}', '{"state": "withdrawn"}', '', '', (%s::bigint[])[1 + n %% 100],"""
            " (%s::bigint[])[1 + (n / 7) %% 100], '', 'Out of season', 'POST admin:catalogue_product_decide',"
            " gen_random_uuid() FROM generate_series(1, %s) AS n",
            [str(group.pk), listing.pk, places, [person.pk for person in people], CHANGES],
        )
    analyse()


def _bytes_each() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('audit_change')::float / count(*) FROM audit_change")
        (each,) = cursor.fetchone()
    return float(each)


def _pages(group: Partner) -> list[tuple[str, str]]:
    history = reverse("admin:partner_partner_history", args=[group.pk])
    audit = reverse("admin:audit_change_changelist")
    old = "2025-06-01"
    place = Region.objects.filter(
        pk=Change.objects.filter(model="partner.partner").earliest("at").place_id
    ).get()
    return [
        (f"history of a row with {OF_ONE_ROW:,} changes", history),
        ("the same, far back", f"{history}?until={old}T00:00:00Z"),
        ("audit, newest", audit),
        ("by a person", f"{audit}?person=p7@example.org"),
        ("by a person, a day long ago", f"{audit}?person=p7@example.org&since={old}&to={old}"),
        ("of a kind", f"{audit}?kind=partner.partner"),
        ("of a kind that is rare", f"{audit}?kind=order.taxrate"),
        ("at a place", f"{audit}?place={place.code}"),
        ("a day long ago", f"{audit}?since={old}&to={old}"),
        ("a place, a kind and a span", f"{audit}?place={place.code}&kind=catalogue.product&to={old}"),
    ]


def _page(address: str) -> tuple[float, int]:
    """Best milliseconds of five, and the queries of the last."""
    person, _made = get_user_model().objects.get_or_create(
        email="boss@example.org", defaults={"is_staff": True, "is_superuser": True}
    )
    client, best = Client(), float("inf")
    client.force_login(person)
    for _turn in range(5):
        with counted() as count:
            answer = client.get(address, secure=True, HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise AssertionError(f"{address} was answered with {answer.status_code}")
        best = min(best, count.seconds * 1000)
    return best, count.statements

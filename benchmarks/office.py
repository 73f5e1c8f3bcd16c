"""Coverage and impact of 20,000 listings and 50,000 orders: CPU of the server for each page, and that they count right."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.counting import counted
from benchmarks.cpu import REPEATS, TICK_MS, get, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import BATCH, SHARE, Account, analyse, make_sales, make_vendors, post_all
from catalogue.models import Product
from orders.models import VendorOrder
from payments.models import LedgerEntry
from programme.selectors.coverage import coverage, levels_of
from programme.selectors.impact import By, impact
from regions.models import Region, Scheme
from regions.services.reference_data import load
from tests.factories.people import PersonFactory
from tests.programme.recounts import ledger_total, recounted
from vendors.models import Partner

VENDORS, LISTINGS, SALES = 2_000, 20_000, 25
LIMIT_MS = 300  # of a page of coverage
# Half of them leave within the last 90 days.
DAYS = 180

_SCATTER = """
WITH leaf AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all_of
    FROM regions_region WHERE level IN ('gewog', 'district', 'province'))
UPDATE {table} AS row SET {column} = leaf.id FROM leaf
WHERE leaf.place = (row.id * 7919) % leaf.all_of
"""
_GOODS = """
WITH own AS (SELECT id, vendor_id, row_number() OVER (PARTITION BY vendor_id ORDER BY id) - 1 AS place,
        count(*) OVER (PARTITION BY vendor_id) AS all_of FROM catalogue_product)
UPDATE order_line AS line SET product_id = own.id FROM own
WHERE own.vendor_id = line.partner_id AND own.place = line.id % own.all_of
"""
_SPREAD = "UPDATE order_vendororder SET released_at = now() - (id %% %s) * interval '1 day'"


def measure(_ground: Ground) -> Result:
    """Mean CPU of each page; the numbers are compared with a count in plain SQL."""
    load(Path(settings.BASE_DIR) / "data")
    _make_trade()
    client = Client()
    client.force_login(PersonFactory(moderator=True))
    rows = [
        ("groups", f"{Partner.objects.count():,}"),
        ("listings", f"{Product.objects.count():,}"),
        ("orders", f"{VendorOrder.objects.count():,}"),
    ]
    slowest = 0.0
    for name, address in _pages().items():
        own, postgres = mean_cpu(lambda address=address: get(client, address))
        with counted() as count:
            get(client, address)
        if name.startswith("coverage"):
            slowest = max(slowest, own + postgres)
        words = f"{own + postgres:.0f} ms: Django {own:.0f}, PostgreSQL {postgres:.0f}"
        rows.append((name, f"{words}; {count.statements} queries"))
    rows.append((f"coverage under {LIMIT_MS} ms", "yes" if slowest < LIMIT_MS else "NO"))
    rows.append(("numbers compared with plain SQL", f"{_compared():,}"))
    return Result(
        f"Coverage and impact of {LISTINGS:,} listings and {VENDORS * SALES:,} orders",
        rows,
        [
            "Places and products are those of the reference data, groups and listings lie anywhere among them. CPU of the"
            f" server for one page, mean of {REPEATS} after three that warm up: of this process, which runs the whole"
            f" of Django, and of PostgreSQL's process that serves it (counted in ticks of {TICK_MS:.0f} ms).",
        ],
    )


def _make_trade() -> None:
    vendors = make_vendors(VENDORS)
    _sql(_SCATTER.format(table="partner_partner", column="home_region_id"))
    region = Region.objects.get(code="BT")
    now = timezone.now()
    Product.objects.bulk_create(
        (
            Product(
                title=f"Goods {place}",
                slug=f"goods-{place}",
                vendor=vendors[place % VENDORS],
                region=region,
                state=Product.State.LIVE,
                is_public=True,
                published_at=now,
                submitted_at=now,
                price_from=Decimal("250.00"),
                price_currency="INR",
            )
            for place in range(LISTINGS)
        ),
        batch_size=BATCH,
    )
    _sql(_SCATTER.format(table="catalogue_product", column="region_id"))
    make_sales(vendors, each=SALES)
    _sql(_GOODS)
    _sql(_SPREAD, DAYS)
    _pay()
    analyse()


def _pay() -> None:
    """Every second sale was paid out by a transfer of its own."""
    parts = list(VendorOrder.objects.order_by("pk")[::2])
    for start in range(0, len(parts), BATCH):
        post_all([("transfer", part.pk, "paid", _paid(part)) for part in parts[start : start + BATCH]])


def _paid(part: VendorOrder) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            account=Account.VENDOR_PAYABLE, amount=SHARE, vendor_id=part.vendor_id, vendor_order=part
        ),
        LedgerEntry(account=Account.PROVIDER_BALANCE, amount=-SHARE),
    ]


def _pages() -> dict[str, str]:
    found = {}
    for scheme in Scheme.objects.order_by("code"):
        for level in levels_of(scheme):
            page = reverse("admin:programme_schemecoverage_change", args=[scheme.pk])
            found[f"coverage of {scheme.code} by {level}"] = f"{page}?level={level}"
    page = reverse("admin:programme_countryimpact_change", args=[Region.objects.get(code="IN").pk])
    for by in By.values:
        found[f"impact in India by {by}"] = f"{page}?by={by}"
    return found


def _compared() -> int:
    """How many numbers were compared; AssertionError when one differs."""
    compared = 0
    for scheme in Scheme.objects.all():
        for level in levels_of(scheme):
            found = [
                (place.region.code, place.products, place.groups, place.listings, place.sales)
                for place in coverage(scheme, level).places
            ]
            if found != recounted(scheme, level):
                raise AssertionError(f"coverage of {scheme.code} by {level} differs from plain SQL")
            compared += 4 * len(found)
    today = timezone.now().date()
    for by in By:
        table = impact(
            by,
            currency="INR",
            first=today - timedelta(days=400),
            last=today + timedelta(days=2),
            level=Region.Level.DISTRICT,
        )
        if not sum(row.paid or 0 for row in table.rows) == table.total.paid == ledger_total():
            raise AssertionError(f"impact by {by} differs from the ledger")
        compared += 1
    return compared


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)

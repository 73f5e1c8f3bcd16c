"""Pages of the shop with a million listings: `python -m benchmarks shop`, or as many as LISTINGS says."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.counting import counted
from benchmarks.cpu import get, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse
from catalogue.models import Product
from catalogue.services.tallies import recount
from catalogue.services.vocabulary import refresh_vocabulary
from marketplace.demo import loading
from orders.services.tax_rates import load_tax_rates
from regions.services.reference_data import load

LISTINGS = int(os.environ.get("LISTINGS", "1000000"))
PER_GROUP = 50
REPEATS = 5
PAGES = (
    "/",
    "/places/BT/",
    "/places/BT-11/",
    "/category/food/",
    "/category/spices-and-herbs/",
    "/products/",
    "/products/?page=2",
    "/products/?sort=cheap",
    "/products/?place=BT-11",
    "/products/?in_stock=1",
    "/products/?certificate=gi",
    "/products/?certificate=food",
    "/products/?season=1",
    "/products/?price_min=100&price_max=300",
    "/products/?place=IN-TN&category=food&in_stock=1&price_max=900",
    "/products/?q=turmeric",
    "/products/?q=turmeric+powder",
    "/products/?q=tumeric+powdr",
    "/groups/",
)
# Each listing of the demonstration data in turn, of a group that lies somewhere else.
_COPIED = """
CREATE TEMP TABLE sample AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM catalogue_product
WHERE state = 'live' AND structure = 'standalone' AND price_from IS NOT NULL;
CREATE TEMP TABLE homes AS
SELECT row_number() OVER (ORDER BY path) - 1 AS place, id, name FROM regions_region WHERE depth > 0 AND ended_on IS NULL;
CREATE TEMP TABLE copies AS
SELECT number, (SELECT max(id) FROM catalogue_product) + number AS key, sample.id AS original,
    (SELECT max(id) FROM partner_partner) + 1 + (number - 1) / %(per_group)s AS vendor
FROM generate_series(1, %(listings)s) AS number
JOIN sample ON sample.place = number %% (SELECT count(*) FROM sample);
CREATE TEMP TABLE makers AS
SELECT DISTINCT ON (copies.vendor) copies.vendor AS key, original.vendor_id AS original, homes.id AS home, homes.name AS place
FROM copies JOIN catalogue_product original ON original.id = copies.original
JOIN homes ON homes.place = copies.vendor * 7919 %% (SELECT count(*) FROM homes)
ORDER BY copies.vendor, copies.number;
CREATE UNIQUE INDEX ON copies (key);
ANALYZE sample, homes, copies, makers
"""


def measure(_ground: Ground) -> Result:
    """The demonstration data, and copies of its listings with groups, stock, photos, kinds and certificates."""
    data = Path(settings.BASE_DIR) / "data"
    load(data)
    load_tax_rates(data / "tax_rates.csv")
    loading.write_missing = lambda _drawings: 0
    loading.load(say=lambda _line: None)
    start = time.monotonic()
    multiply(LISTINGS - Product.objects.live().whole().count())
    recount()
    refresh_vocabulary()
    analyse()
    return measured(time.monotonic() - start)


def measured(seconds: float) -> Result:
    """The pages with what is there; seconds: that it took to write it."""
    client = Client()
    rows = [
        ("listings on sale", f"{Product.objects.live().whole().count():,}"),
        ("written in", f"{seconds:.0f} s"),
    ]
    for address in PAGES:
        own, postgres = mean_cpu(lambda address=address: get(client, address), repeats=REPEATS)
        with counted() as count:
            get(client, address)
        rows.append(
            (
                f"`{address}`",
                f"{own + postgres:.0f} ms CPU: PostgreSQL {postgres:.0f}; {count.statements} queries",
            )
        )
        sys.stderr.write(f"{rows[-1]}\n")
    return Result(
        f"Pages of the shop with {LISTINGS:,} listings",
        rows,
        [
            f"Listings of the demonstration data, copied with groups of {PER_GROUP} in other places, stock, photos, kinds of goods and"
            f" certificates. CPU of the server for a page that nobody was shown before: Django and PostgreSQL, mean of {REPEATS}.",
        ],
    )


def multiply(listings: int) -> None:
    """Write so many further listings by copying in the database, past triggers; what they keep is made anew afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_COPIED, {"listings": listings, "per_group": PER_GROUP})
        _copy(
            cursor,
            "partner.Partner",
            "makers copy ON copy.original = sample.id",
            {
                "id": "copy.key",
                "code": "'copied-' || copy.key",
                "begun_key": "NULL",
                "name": "left(sample.name, 60) || ' ' || copy.key",
                "home_region_id": "copy.home",
            },
        )
        _copy(
            cursor,
            "catalogue.Product",
            "copies copy ON copy.original = sample.id JOIN makers maker ON maker.key = copy.vendor",
            {
                "id": "copy.key",
                "code": "NULL",
                "upc": "NULL",
                "title": "left(sample.title, 60) || ' of ' || maker.place",
                "vendor_id": "copy.vendor",
                "region_id": "maker.home",
                "published_at": "sample.published_at - copy.number * interval '1 minute'",
                "search_words": "maker.place || ' ' || sample.search_words",
            },
        )
        hanging = "copies copy ON copy.original = sample.product_id"
        _copy(
            cursor,
            "partner.StockRecord",
            hanging,
            {"product_id": "copy.key", "partner_id": "copy.vendor", "partner_sku": "'sku' || copy.key"},
        )
        _copy(cursor, "catalogue.ProductCategory", hanging, {"product_id": "copy.key"})
        _copy(cursor, "catalogue.ProductImage", hanging, {"product_id": "copy.key", "code": "NULL"})
        _copy(
            cursor,
            "partner.Certificate",
            "makers copy ON copy.original = sample.vendor_id",
            {"vendor_id": "copy.key", "region_id": "copy.home", "form_key": "gen_random_uuid()"},
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def _copy(cursor: Any, label: str, joined: str, values: Mapping[str, str]) -> None:
    """Copy the rows of a table that have copies, with other values in some columns; what is unique must be among these."""
    start = time.monotonic()
    options = apps.get_model(label)._meta
    columns = [
        field.column
        for field in options.concrete_fields
        if not field.generated and (not field.primary_key or field.column in values)
    ]
    names = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join(values.get(column, f'sample."{column}"') for column in columns)
    cursor.execute(
        f'INSERT INTO "{options.db_table}" ({names}) SELECT {chosen} FROM "{options.db_table}" sample JOIN {joined}'  # noqa: S608 - our own
    )
    sys.stderr.write(f"{cursor.rowcount:,} rows of {options.db_table} in {time.monotonic() - start:.0f} s\n")

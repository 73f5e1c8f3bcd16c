"""The queue of moderation with 100,000 things in it: CPU of the server for the list, for officers too, and for one thing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.counting import counted
from benchmarks.cpu import REPEATS, TICK_MS, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import BATCH, analyse
from catalogue.models import ListingChange, ListingEvent, Product
from people.models import User
from regions.models import Region
from tests.factories.catalogue import ProductClassFactory
from tests.factories.people import PersonFactory
from vendors.models import Certificate, Partner

GROUPS, CERTIFICATES, LISTINGS, CHANGES = 5_000, 10_000, 60_000, 25_000
DECIDED = 200_000
LIMIT_MS = 300


def measure(_ground: Ground) -> Result:
    """Mean CPU of a page, for a moderator of everything and for an officer of one dzongkhag."""
    call_command("load_reference_data", verbosity=0)
    _fill()
    place = Region.objects.get(level=Region.Level.DZONGKHAG, name="Paro")
    readers = {
        "moderator": PersonFactory(moderator=True),
        "officer of one dzongkhag": PersonFactory(officer=True, place=place),
    }
    rows = [("things that wait", f"{GROUPS + CERTIFICATES + LISTINGS + CHANGES:,}")]
    slowest = 0.0
    for name, person in readers.items():
        for what, address in _pages(place):
            told, together = _measured(person, address)
            rows.append((f"{name}: {what}", told))
            slowest = max(slowest, together)
    rows.append((f"under {LIMIT_MS} ms", "yes" if slowest < LIMIT_MS else "NO"))
    return Result(
        "Queue of moderation with 100,000 things in it",
        rows,
        [
            f"{DECIDED:,} listings were decided before, a tenth of them in the last week. CPU of the server for one page,"
            f" mean of {REPEATS} after three that warm up (PostgreSQL counted in ticks of {TICK_MS:.0f} ms over all repeats).",
        ],
    )


def _pages(place: Region) -> Iterator[tuple[str, str]]:
    queue = reverse("admin:programme_claim_changelist")
    yield "list", queue
    yield "list of one place", f"{queue}?place={place.code}"
    yield "list of what waits too long", f"{queue}?over=1"
    newest = Product.objects.filter(state="submitted").order_by("-submitted_at")[0].submitted_at
    yield "last page", f"{queue}?after={(newest - timedelta(minutes=10)).isoformat().replace('+', '%2B')},0,0"
    yield "next", reverse("admin:programme_claim_next")
    own = Product.objects.filter(state="submitted", vendor__home_region__path__startswith=place.path).first()
    yield "one listing", reverse("admin:programme_claim_item", args=["listing", own.pk if own else 0])
    yield "front page", reverse("admin:index")


def _measured(person: User, address: str) -> tuple[str, float]:
    client = Client()
    client.force_login(person)

    def get() -> None:
        answer = client.get(address, secure=True, HTTP_HOST="localhost")
        if answer.status_code not in (200, 302):
            raise AssertionError(f"{address} was answered with {answer.status_code}")

    django_ms, postgres_ms = mean_cpu(get)
    with counted() as count:
        get()
    words = f"Django {django_ms:.0f}, PostgreSQL {postgres_ms:.0f}; {count.statements} queries"
    return f"{django_ms + postgres_ms:.0f} ms: {words}", django_ms + postgres_ms


def _fill() -> None:
    places = list(Region.objects.filter(depth=2).order_by("path"))
    now = timezone.now()
    groups = Partner.objects.bulk_create(
        (
            Partner(
                name=f"Group {number}",
                code=f"group-{number}",
                state=Partner.State.APPLIED if number < GROUPS else Partner.State.APPROVED,
                home_region=places[number % len(places)],
                submitted_at=now - timedelta(minutes=number),
                approved_at=None if number < GROUPS else now,
            )
            for number in range(2 * GROUPS)
        ),
        batch_size=BATCH,
    )
    _fill_certificates(groups, now)
    listings = _fill_listings(groups, now)
    ListingChange.objects.bulk_create(
        (
            ListingChange(
                listing=listing,
                state="submitted",
                submitted_at=now - timedelta(minutes=place),
                proposed={"title": "Other"},
                base={"title": listing.title},
            )
            for place, listing in enumerate(listings[:CHANGES])
        ),
        batch_size=BATCH,
    )
    _fill_history(listings, now)
    analyse()


def _fill_certificates(groups: list[Partner], now: datetime) -> None:
    Certificate.objects.bulk_create(
        (
            Certificate(
                vendor=group,
                region_id=group.home_region_id,
                kind=Certificate.Kind.ORGANIC,
                number=f"C-{place}",
                holder=group.name,
                goods="honey",
                valid_from=now.date(),
                valid_until=now.date() + timedelta(days=300),
                submitted_at=now - timedelta(minutes=place),
            )
            for place, group in zip(range(CERTIFICATES), cycle(groups), strict=False)
        ),
        batch_size=BATCH,
    )


def _fill_listings(groups: list[Partner], now: datetime) -> list[Product]:
    goods = ProductClassFactory()
    count = LISTINGS + DECIDED // 10
    return Product.objects.bulk_create(
        (
            Product(
                structure=Product.STANDALONE,
                product_class=goods,
                title=f"Listing {place}",
                slug=f"listing-{place}",
                vendor=group,
                region_id=group.home_region_id,
                state="submitted" if place >= count - LISTINGS else "live",
                is_public=place < count - LISTINGS,
                published_at=now if place < count - LISTINGS else None,
                submitted_at=now - timedelta(minutes=place),
            )
            for place, group in zip(range(count), cycle(groups), strict=False)
        ),
        batch_size=BATCH,
    )


def _fill_history(listings: list[Product], now: datetime) -> None:
    """Handed in and decided ten times each, the last time in this week for all."""
    live = listings[: DECIDED // 10]
    for turn in range(10):
        for words in (("draft", "submitted"), ("submitted", "live")):
            made = ListingEvent.objects.bulk_create(
                (ListingEvent(listing=each, from_state=words[0], to_state=words[1]) for each in live),
                batch_size=BATCH,
            )
            at = now - timedelta(days=10 * turn + (words[1] == "submitted"))
            ListingEvent.objects.filter(pk__gte=made[0].pk).update(created_at=at)

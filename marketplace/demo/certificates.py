"""Example certificates: food licences, authorised users of the protected names in the listings, and some organic ones."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from catalogue.selectors.claims import food_kinds
from catalogue.selectors.protected_names import names_to_hold
from marketplace.demo.bulk import own_dates
from marketplace.demo.listings import Spec
from people.models import User
from regions.domain.protected_names import Use, uses, uses_across
from regions.models import Region
from vendors.models import Certificate, CertificateEvent, Partner

Kind, State = Certificate.Kind, Certificate.State
# Every so many groups that sell food hold an organic certificate; the last days of some are near.
ORGANIC_EVERY, ENDING_EVERY = 6, 9
LONGEST_GOODS = 200
ISSUERS = {"IN": "Example certification body", "BT": "Example organic programme"}


@dataclass
class _Wanted:
    """One certificate to be written: the listings that it is for; first: number of the first that asked for it."""

    vendor: Partner
    kind: str
    use: Use | None
    first: int
    specs: list[Spec] = field(default_factory=list)


def write_certificates(
    specs: Iterable[Spec], *, places: Mapping[str, Region], now: datetime, moderator: User
) -> int:
    """Write what these listings need to be on sale, verified; returns how many. places: by code."""
    wanted = _wanted(list(specs))
    rows = [
        _row(number, each, places=places, now=now, moderator=moderator) for number, each in enumerate(wanted)
    ]
    written = Certificate.objects.bulk_create(rows)
    links = Certificate.products.through
    links.objects.bulk_create(
        links(certificate_id=row.pk, identifiedproduct_id=pk)
        for row, each in zip(written, wanted, strict=True)
        if each.kind not in Certificate.FOOD_LICENCES
        for pk in sorted({spec.product.pk for spec in each.specs if spec.product})
    )
    with own_dates(CertificateEvent):
        CertificateEvent.objects.bulk_create(
            CertificateEvent(
                certificate=row,
                from_state=State.SUBMITTED,
                to_state=State.VERIFIED,
                actor=moderator,
                created_at=row.verified_at or now,
            )
            for row in written
        )
    return len(written)


def _wanted(specs: list[Spec]) -> list[_Wanted]:
    food, names = set(food_kinds().values_list("pk", flat=True)), names_to_hold()
    found: dict[tuple[Any, ...], _Wanted] = {}
    by_vendor: dict[int, list[Spec]] = defaultdict(list)
    for spec in specs:
        country = spec.vendor.home_region.country_code
        if spec.category_pk in food:
            licence = Kind.BFDA if country == "BT" else Kind.FSSAI
            _want(found, spec, licence)
            by_vendor[spec.vendor.pk].append(spec)
        for use in (
            *uses(f"{spec.title}\n{spec.description}", names, is_title=True),
            *uses_across(spec.title, spec.description, names),
        ):
            _want(found, spec, Kind.GI, use=use)
    for number, made in enumerate(by_vendor.values()):
        if number % ORGANIC_EVERY == 0:
            _want(found, made[0], Kind.ORGANIC)
    return list(found.values())


def _want(found: dict[tuple[Any, ...], _Wanted], spec: Spec, kind: str, *, use: Use | None = None) -> None:
    """Want a certificate for a listing. use: of the protected name; one in the story alone covers no listing."""
    wanted = found.setdefault(
        (spec.vendor.pk, kind, use and use.key), _Wanted(spec.vendor, kind, use, first=spec.number)
    )
    if use is None or _stands_in_title(use, spec):
        wanted.specs.append(spec)


def _stands_in_title(use: Use, spec: Spec) -> bool:
    """Whether a name stands there, or begins there and ends in the story."""
    name = {use.key: use.name}
    return bool(uses(spec.title, name, is_title=True) or uses_across(spec.title, spec.description, name))


def _row(
    number: int, wanted: _Wanted, *, places: Mapping[str, Region], now: datetime, moderator: User
) -> Certificate:
    vendor, gi_pk = wanted.vendor, wanted.use.key if wanted.use else None
    lot = random.Random(f"certificate {vendor.name} {wanted.kind} {gi_pk}")
    country = vendor.home_region.country_code
    left = lot.randint(3, 50) if number % ENDING_EVERY == 0 else lot.randint(100, 900)
    is_food = wanted.kind in Certificate.FOOD_LICENCES
    verified = now - timedelta(days=lot.randint(5, 90))
    return Certificate(
        vendor=vendor,
        kind=wanted.kind,
        state=State.VERIFIED,
        number=f"EX-{wanted.kind.upper()}-{vendor.pk}-{gi_pk or 0}-{wanted.first}",
        holder=vendor.name,
        issuer="" if wanted.kind != Kind.ORGANIC else ISSUERS.get(country, ""),
        gi_id=gi_pk,
        goods="" if is_food else _goods(wanted),
        region=places[country],
        valid_from=now.date() - timedelta(days=lot.randint(100, 300)),
        valid_until=now.date() + timedelta(days=left),
        submitted_at=verified - timedelta(days=2),
        verified_at=verified,
        verified_by=moderator,
    )


def _goods(wanted: _Wanted) -> str:
    """The titles of listings that no product stands for; the protected name itself where only a story tells of it."""
    titles = dict.fromkeys(spec.title.replace(",", " ") for spec in wanted.specs if spec.product is None)
    if not wanted.specs and wanted.use:
        titles[wanted.use.name.replace(",", " ")] = None
    return ", ".join(titles)[:LONGEST_GOODS]

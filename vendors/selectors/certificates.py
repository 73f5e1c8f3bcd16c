"""How the certificates of a group stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from vendors.models import Certificate, CertificateEvent, Partner

State = Certificate.State
# Days before the end from which a group is told that a certificate runs out.
WARNING_DAYS = (60, 30, 7)


@dataclass(frozen=True)
class Standing:
    """One certificate: mark is "good", "wait", "soon" (runs out), "over" or "no"; days: until it is over, if it counts."""

    certificate: Certificate
    mark: str
    days: int | None


def standing(vendor: Partner) -> list[Standing]:
    """All certificates of a group, those that count first, then those that wait; two queries. vendor: with its home region."""
    rows = (
        Certificate.objects.filter(vendor=vendor).select_related("gi", "region").prefetch_related("products")
    )
    found = [_standing(row, vendor) for row in rows.order_by("valid_until", "pk")]
    places = {"soon": 0, "good": 1, "wait": 2, "over": 3, "no": 4}
    return sorted(found, key=lambda row: places[row.mark])


def running_out(vendor: Partner) -> list[Standing]:
    """Certificates that end soon, or ended within as many days, and that nothing follows; two queries."""
    since = vendor.today - timedelta(days=max(WARNING_DAYS))
    rows = standing(vendor)
    counting = [row.certificate for row in rows if row.certificate.state in Certificate.COUNTING]
    return [
        row
        for row in rows
        if row.mark in ("soon", "over")
        and row.certificate.valid_until >= since
        and not any(_follows(other, row.certificate) for other in counting)
    ]


def handing_in(certificate: Certificate) -> CertificateEvent | None:
    """Who handed it in, when, on whose behalf; None for one that was entered without. One query."""
    rows = certificate.events.filter(to_state=State.SUBMITTED).select_related("actor")
    return rows.order_by("pk").first()


def handed_in_by(certificate: Certificate, person: Any) -> bool:
    """Whether this person has handed it in, and so must not say alone that it is right; one query."""
    return certificate.events.filter(to_state=State.SUBMITTED, actor=person).exists()


def _follows(other: Certificate, certificate: Certificate) -> bool:
    """Whether another certificate proves the same for longer."""
    is_same = (other.kind, other.gi_id) == (certificate.kind, certificate.gi_id)
    is_same = is_same and (other.number == certificate.number or other.goods == certificate.goods)
    return is_same and other.valid_until > certificate.valid_until


def _standing(certificate: Certificate, vendor: Partner) -> Standing:
    certificate.vendor = vendor
    days = (certificate.valid_until - vendor.today).days
    if certificate.state == State.SUBMITTED:
        return Standing(certificate, "wait", None)
    if certificate.state != State.VERIFIED:
        return Standing(certificate, "no", None)
    if days < 0:
        return Standing(certificate, "over", None)
    return Standing(certificate, "soon" if days <= max(WARNING_DAYS) else "good", days)


def food_licence_of(vendor: Partner) -> str:
    """Number of the food licence that counts today, or nothing; one query.

    The number that a group has typed counts until the office has verified a certificate that has begun: then its days do.
    """
    today = vendor.today
    held = Certificate.objects.filter(
        vendor=vendor,
        kind__in=Certificate.FOOD_LICENCES,
        verified_at__isnull=False,
        valid_from__lte=today,
    )
    rows = list(held.order_by("-valid_until", "-pk"))
    if not rows:
        return vendor.food_licence.strip()
    valid = (row for row in rows if row.state == State.VERIFIED and today <= row.valid_until)
    return next((row.number for row in valid), "")

"""What a correction of a certificate has changed, as data and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from regions.models import IdentifiedProduct
from vendors.models import Certificate, CertificateCorrection

# What may be corrected, in the order in which it is told. Kind, protected name and group make it this certificate.
FIELDS: Mapping[str, Promise] = {
    "number": gettext_lazy("Its number"),
    "holder": gettext_lazy("Holder"),
    "issuer": gettext_lazy("Issued by"),
    "products": gettext_lazy("Products it covers"),
    "goods": gettext_lazy("Words of the goods it covers"),
    "region": gettext_lazy("The goods come from"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"),
}
Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class ChangedField:
    """One field of a correction in the language that is spoken: its heading, and what stood and stands there."""

    heading: str
    before: str
    after: str

    def __str__(self) -> str:
        return _("%(heading)s: %(after)s (before: %(before)s)") % {
            "heading": self.heading,
            "after": self.after,
            "before": self.before,
        }


@dataclass(frozen=True)
class Step:
    """One decision about a certificate, or one correction with what it has changed."""

    at: datetime
    words: str
    actor: User | None
    on_behalf_of: str
    reason: str
    lines: Sequence[ChangedField] = ()


def snapshot(certificate: Certificate, products: Sequence[IdentifiedProduct]) -> dict[str, Any]:
    """All that may be corrected, as JSON keeps it; places and products with the names that they have now."""
    named = sorted(products, key=lambda each: each.pk)
    return {
        "number": certificate.number,
        "holder": certificate.holder,
        "issuer": certificate.issuer,
        "products": [{"pk": each.pk, "name": each.name} for each in named],
        "goods": certificate.goods,
        "region": {"pk": certificate.region_id, "name": certificate.region.name},
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
    }


def history(certificate: Certificate) -> list[Step]:
    """Decisions and corrections in the order in which they came; two queries."""
    steps = [
        Step(
            event.created_at,
            str(Certificate.State(event.to_state).label),
            event.actor,
            event.on_behalf_of,
            event.reason,
        )
        for event in certificate.events.select_related("actor")
    ]
    steps += [
        Step(row.corrected_at, _("corrected"), row.corrected_by, "", row.reason, changed_fields(row))
        for row in certificate.corrections.select_related("corrected_by")
    ]
    return sorted(steps, key=lambda step: step.at)


def standing_words(certificate: Certificate) -> list[tuple[str, str]]:
    """What stands there now, as pairs of heading and words; one query. certificate: read with its region."""
    stands = snapshot(certificate, list(certificate.products.all()))
    found = {name: _said(name, stands[name]) for name in FIELDS}
    if not certificate.covers:
        found["goods"] = _("all food of the group")
    return [(str(heading), found[name]) for name, heading in FIELDS.items()]


def changed_fields(correction: CertificateCorrection) -> list[ChangedField]:
    """What it has changed, in words of the language that is spoken; no query."""
    before, after = correction.before, correction.after
    return [
        ChangedField(str(heading), _said(name, before[name]), _said(name, after[name]))
        for name, heading in FIELDS.items()
        if name in after
    ]


def _said(name: str, value: Any) -> str:
    if name in ("valid_from", "valid_until"):
        return date_format(date.fromisoformat(value), "j F Y")
    if name == "products":
        value = ", ".join(each["name"] for each in value)
    elif name == "region":
        value = value["name"]
    return str(value) or _("none")

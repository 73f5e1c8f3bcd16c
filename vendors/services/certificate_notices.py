"""What a group is told of its certificates; queued once, in the caller's transaction."""

from django.urls import reverse

from marketplace.lib.addresses import public_link
from vendors.models import Certificate, CertificateEvent
from vendors.services.telling import tell_members


def tell_decision(certificate: Certificate, event: CertificateEvent, kind: str) -> None:
    """Tell the group of a decision about a certificate, with the reason. kind: a code of notices.kinds."""
    context = {**_about(certificate), "note": event.reason}
    tell_members(certificate.vendor, kind, key=f"certificate-event:{event.pk}", context=context)


def _about(certificate: Certificate) -> dict[str, str]:
    named = certificate.gi.name if certificate.gi else str(certificate.get_kind_display())
    return {
        "certificate": f"{named} {certificate.number}",
        "until": certificate.valid_until.isoformat(),
        "link": public_link(reverse("dashboard-certificates")),
    }


def tell_of_end(certificate: Certificate, *, days: int, left: int) -> None:
    """Tell the group that a certificate runs out. days: which of the warnings; left: days that are left."""
    about = _about(certificate)
    key = f"certificate:{certificate.pk}:{days}"
    tell_members(certificate.vendor, "certificate_ending", key=key, context={**about, "count": str(left)})

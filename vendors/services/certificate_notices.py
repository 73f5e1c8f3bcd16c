"""What a group is told of its certificates; queued once, in the caller's transaction."""

from collections.abc import Callable, Mapping

from django.urls import reverse

from marketplace.lib.addresses import public_link
from vendors.models import Certificate, CertificateCorrection, CertificateEvent
from vendors.selectors.corrections import changed_fields
from vendors.services.telling import tell_members


def tell_decision(certificate: Certificate, event: CertificateEvent, kind: str) -> None:
    """Tell the group of a decision about a certificate, with the reason. kind: a code of notices.kinds."""
    context = {**_about(certificate), "note": event.reason}
    _tell(certificate, kind, key=f"certificate-event:{event.pk}", context=context)


def tell_handed_in(certificate: Certificate, event: CertificateEvent) -> None:
    """Tell the group that somebody of the office has handed in a certificate on its behalf."""
    context = {**_about(certificate), "by": str(event.actor)}
    context["link"] = public_link(reverse("dashboard-certificate", args=[certificate.pk]))
    _tell(certificate, "certificate_handed_in", key=f"certificate-event:{event.pk}", context=context)


def tell_correction(correction: CertificateCorrection) -> None:
    """Tell the group what the office has corrected, and why; each reader in the own language."""
    certificate = correction.certificate

    def words() -> dict[str, str]:
        return {"changes": "\n".join(str(each) for each in changed_fields(correction))}

    context = {**_about(certificate), "note": correction.reason}
    context["link"] = public_link(reverse("dashboard-certificate", args=[certificate.pk]))
    key = f"certificate-correction:{correction.pk}"
    _tell(certificate, "certificate_corrected", key=key, context=context, words=words)


def tell_of_end(certificate: Certificate, *, days: int, left: int) -> None:
    """Tell the group that a certificate runs out. days: which of the warnings; left: days that are left."""
    # A correction may give it another end, of which the group is told anew.
    key = f"certificate:{certificate.pk}:{certificate.valid_until:%Y%m%d}:{days}"
    context = {**_about(certificate), "count": str(left)}
    _tell(certificate, "certificate_ending", key=key, context=context)


def _tell(
    certificate: Certificate,
    kind: str,
    *,
    key: str,
    context: Mapping[str, str],
    words: Callable[[], Mapping[str, str]] = dict,
) -> None:
    def said() -> dict[str, str]:
        named = certificate.gi.name if certificate.gi else str(certificate.get_kind_display())
        return {"certificate": f"{named} {certificate.number}", **words()}

    tell_members(certificate.vendor, kind, key=key, context=context, words=said)


def _about(certificate: Certificate) -> dict[str, str]:
    return {
        "until": certificate.valid_until.isoformat(),
        "link": public_link(reverse("dashboard-certificates")),
    }

"""Certificates that were handed in."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from programme.queue.kind import Kind, Photo, Sheet
from regions.models import GiParty
from vendors.models import Certificate, CertificateEvent
from vendors.selectors.certificate_doubts import doubts
from vendors.selectors.certificates import handing_in

State = Certificate.State


def _read(certificate: Certificate) -> Sheet:
    """What stands on the paper, the paper, and what the register says."""
    days = f"{date_format(certificate.valid_from)} - {date_format(certificate.valid_until)}"
    register = GiParty.objects.filter(gi=certificate.gi_id) if certificate.gi_id else ()
    # The admin says for whom it has read the row.
    reader: Any = certificate.reader  # type: ignore[attr-defined]
    return Sheet(
        facts=(
            (_("kind"), str(certificate.get_kind_display())),
            (_("number"), certificate.number),
            (_("holder, as printed"), certificate.holder),
            (_("issued by"), certificate.issuer),
            (_("protected name"), str(certificate.gi or "")),
            (_("register of the protected name"), "\n".join(str(party) for party in register)),
            (_("covers"), certificate.covers or str(_("all food of the group"))),
            (_("goods come from"), str(certificate.region)),
            (_("valid"), days),
            (_("handed in by"), _who(handing_in(certificate))),
        ),
        checks=doubts(certificate, reader),
        photos=_photos(certificate),
    )


def _who(event: CertificateEvent | None) -> str:
    if event is None or event.actor is None:
        return ""
    if not event.on_behalf_of:
        return str(event.actor)
    return _("%(person)s, on behalf of %(group)s") % {"person": event.actor, "group": event.on_behalf_of}


def _photos(certificate: Certificate) -> list[Photo]:
    document = certificate.document
    if document is None:
        return []
    address = reverse("admin:partner_partner_paper", args=[certificate.vendor_id, document.pk])
    return [Photo(address, address, str(document))]


def _version(certificate: Any) -> str:
    return str(certificate.version)


CERTIFICATES = Kind(
    code="certificate",
    names=_("certificates"),
    model=Certificate,
    rows=lambda: Certificate.objects.all(),
    state=State.SUBMITTED,
    since="submitted_at",
    titles=("number",),
    place="vendor__home_region",
    group="vendor",
    event=CertificateEvent,
    subject="certificate",
    decided=frozenset({State.VERIFIED, State.REFUSED}),
    read=_read,
    version=_version,
)

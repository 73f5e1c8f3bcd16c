"""What staff should look at before they say that a certificate is right."""

from typing import Any

from django.db.models import CharField, Func, Q, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.models import GiParty
from vendors.models import Certificate, GroupDocument
from vendors.selectors.certificates import handed_in_by

_PLAIN_NUMBER = Func(
    Upper("number"),
    Value("[^[:alnum:]]"),
    Value(""),
    Value("g"),
    function="regexp_replace",
    output_field=CharField(),
)


def doubts(certificate: Certificate, reader: Any) -> list[str]:
    """Each in words; nothing is promised by their absence. At most seven queries.

    certificate: read with gi, region, document and the group's home region.
    """
    found = []
    if certificate.state == Certificate.State.SUBMITTED and handed_in_by(certificate, reader):
        found.append(_("You have handed it in yourself: another person must verify it."))
    if certificate.has_ended:
        found.append(_("Its last day is over."))
    if lacks_user(certificate):
        found.append(_("The register on file names no authorised user (Part B) with this number."))
    if places := narrower_places(certificate):
        words = _("Goods from all of %(place)s may bear the protected name, which belongs to %(places)s.")
        found.append(words % {"place": certificate.region.name, "places": places})
    if certificate.document is None:
        found.append(_("There is no paper with it."))
    elif _has_twin(certificate.document):
        found.append(_("Another group has handed in the very same photo."))
    if names := same_number(certificate, reader):
        found.append(_("Other groups have handed in this number: %(names)s.") % {"names": names})
    return found


def same_number(certificate: Certificate, reader: Any) -> str:
    """Other groups that have handed in this number, in words; empty when none has. Two queries.

    Groups outside of the reader's places are told by their number only, as a number that was used twice must be noticed.
    """
    # Signs and spaces between figures are typed by everybody as they like.
    plain = "".join(filter(str.isalnum, certificate.number)).upper()
    is_same = Q(number__iexact=certificate.number) | Q(plain=plain)
    others = Certificate.objects.alias(plain=_PLAIN_NUMBER).filter(is_same, kind=certificate.kind)
    others = others.exclude(vendor=certificate.vendor_id)
    seen = list(others.visible_to(reader).select_related("vendor").order_by("pk"))
    words = [f"{other.vendor.name} ({other.get_state_display()})" for other in seen]
    if hidden := others.exclude(pk__in=[other.pk for other in seen]).values("vendor").distinct().count():
        told = ngettext(
            "%(count)d group outside of your places", "%(count)d groups outside of your places", hidden
        )
        words.append(told % {"count": hidden})
    return ", ".join(words)


def lacks_user(certificate: Certificate) -> bool:
    """Whether the register of its protected name has authorised users, and none of today with its number; one query."""
    if certificate.gi_id is None:
        return False
    users = GiParty.objects.filter(gi=certificate.gi_id, part=GiParty.Part.AUTHORISED_USER)
    today = certificate.today
    known = [
        number.casefold()
        for number, until in users.values_list("number", "until")
        if until is None or until >= today
    ]
    return bool(known) and certificate.number.casefold() not in known


def narrower_places(certificate: Certificate) -> str:
    """The places of its protected name where its goods may come from elsewhere too, in words; one query.

    Empty where the register gives no places.
    """
    if certificate.gi is None:
        return ""
    places = list(certificate.gi.regions.order_by("name"))
    if any(place.contains(certificate.region) for place in places):
        return ""
    return ", ".join(place.name for place in places)


def _has_twin(document: GroupDocument) -> bool:
    same = GroupDocument.objects.filter(kind=document.kind, digest=document.digest)
    return same.exclude(vendor=document.vendor_id).exists()

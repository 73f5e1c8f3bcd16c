"""Certificates of groups: handed in by a member or on behalf of the group, verified or refused by staff, withdrawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.audit import noting
from marketplace.lib.states import move
from marketplace.lib.words import is_blank, plain_words
from people.models import User
from regions.models import GeographicalIndication, GiParty, IdentifiedProduct, Region
from vendors.errors import CertificateError, CertificateMoved, FormUsed, NotNow, ReasonMissing
from vendors.models import Certificate, CertificateEvent, GroupDocument, Membership, Partner
from vendors.selectors.certificates import handed_in_by
from vendors.services.applications import lock_group
from vendors.services.certificate_notices import tell_decision, tell_handed_in
from vendors.services.documents import add_document
from vendors.services.requirements import refuse_own_group

State = Certificate.State
Kind = Certificate.Kind
# What PostgreSQL's websearch reads as more than words; a line between two letters is part of a word.
_EXPRESSION = re.compile(r"""["!&|()<>:*'\\]|(?<!\w)-+""")


# Products are left out: those of a merger are added to a certificate.
_TYPED = ("kind", "number", "holder", "issuer", "gi", "goods", "valid_from", "valid_until")


@dataclass(frozen=True)
class CertificateData:
    """What stands on the paper. Both days are included; goods: words parted by commas; region: of the goods."""

    kind: str
    number: str
    holder: str
    region: Region
    valid_from: date
    valid_until: date
    issuer: str = ""
    gi: GeographicalIndication | None = None
    goods: str = ""
    products: Sequence[IdentifiedProduct] = field(default_factory=tuple)


def propose(
    vendor: Partner,
    data: CertificateData,
    *,
    actor: Any,
    form_key: str,
    paper: "UploadedFile[Any] | None" = None,
    on_behalf_of: str = "",
) -> Certificate:
    """Hand a certificate of the group to the office, with a photo of the paper; once for each form_key.

    on_behalf_of: for whom somebody of the office hands it in; the group is told then. Raises CertificateError for what no certificate is, or one that was handed in already, ApplicationError and
    PictureRefused for the photo, NotNow for a closed group, FormUsed for a form_key that came with another certificate;
    then no certificate is written.
    """
    data = cleaned(data)
    there = Certificate.objects.filter(form_key=form_key, vendor=vendor).first()
    if there is not None:
        _refuse_other_words(there, data)
        return there
    check(vendor, data)
    # Before the photo is kept: a paper that belongs to no certificate would count towards the most of them.
    _refuse_twin(vendor, data)
    document = None
    try:
        with noting(person=actor.pk, on_behalf_of=on_behalf_of):
            if paper is not None:
                kind = GroupDocument.Kind.CERTIFICATE
                document = add_document(vendor, paper, kind=kind, number=data.number, actor=actor)
            return _write(vendor, data, document, actor=actor, form_key=form_key, on_behalf_of=on_behalf_of)
    except IntegrityError:
        # The same form came twice at the same moment, or another form with the same certificate.
        there = Certificate.objects.filter(form_key=form_key, vendor=vendor).first()
        if there is None:
            raise _handed_in_already() from None
        _refuse_other_words(there, data)
        return there


def hand_in_on_behalf(
    vendor: Partner,
    data: CertificateData,
    *,
    officer: User,
    form_key: str,
    paper: "UploadedFile[Any]",
) -> Certificate:
    """Somebody of the office hands in a certificate on behalf of a group; the group is told, and another person verifies it.

    vendor: read with its home region. Raises CertificateError for a member of the group too, and what propose() raises.
    """
    if Membership.objects.filter(vendor=vendor, user=officer).exists():
        words = _(
            "You are a member of this group. Hand it in at the desk of the group, or let the chair do it."
        )
        raise CertificateError(words)
    name = vendor.name[:128]
    return propose(vendor, data, actor=officer, form_key=form_key, paper=paper, on_behalf_of=name)


def check(vendor: Partner, data: CertificateData) -> None:
    """Raise CertificateError, which says what to do, for what the office could only refuse."""
    if data.valid_from <= data.valid_until < vendor.today:
        words = _("This certificate has ended. Hand in the new one.")
        raise CertificateError(words, field="valid_until")
    if (data.kind == Kind.GI) != (data.gi is not None):
        words = _("Choose the protected name that you may use.")
        raise CertificateError(words, field="gi")
    check_words(data)


def check_words(data: CertificateData) -> None:
    """Raise CertificateError for words and days that stand on no certificate, whoever writes them."""
    if is_blank(data.number) or is_blank(data.holder):
        raise CertificateError(_("Write the number and the holder as printed on the paper."), field="number")
    if data.valid_from > data.valid_until:
        raise CertificateError(_("The last day lies before the first day."), field="valid_until")
    if data.kind not in Certificate.FOOD_LICENCES and not data.products and not goods_words(data.goods):
        words = _("Say for which goods it is: choose products or write words such as “turmeric, haldi”.")
        raise CertificateError(words, field="goods")
    longest = Certificate._meta.get_field("goods").max_length or 0
    if len(data.goods) > longest:
        # Each comma is kept with a space behind it, so that what a form has let pass may have grown.
        words = _(
            "These are too many words: with the spaces between them at most %(count)d letters are kept."
        )
        raise CertificateError(words % {"count": longest}, field="goods")


def verify(certificate: Certificate, *, actor: Any, reason: str = "") -> bool:
    """Say that the paper was looked at and is right: from now on it counts. False when it was verified already.

    Raises OwnGroup for a member of the group, CertificateError for whoever handed it in, for one that has ended or whose
    holder stands in the register as proprietor only, NotNow for a closed group, and IllegalTransition.
    """
    with transaction.atomic():
        locked = lock_certificate(certificate)
        refuse_own_group(locked.vendor, actor)
        refuse_who_handed_in(locked, actor)
        if locked.state == State.SUBMITTED:
            _refuse_what_cannot_count(locked)
        also = {"verified_at": timezone.now(), "verified_by": actor}
        return _decide(
            certificate,
            locked,
            State.VERIFIED,
            actor=actor,
            reason=reason,
            also=also,
            kind="certificate_verified",
        )


def refuse(certificate: Certificate, *, actor: Any, reason: str) -> bool:
    """Say that it does not count, and why. Raises ReasonMissing, OwnGroup, IllegalTransition."""
    _require(reason)
    with transaction.atomic():
        locked = lock_certificate(certificate)
        refuse_own_group(locked.vendor, actor)
        return _decide(
            certificate, locked, State.REFUSED, actor=actor, reason=reason, kind="certificate_refused"
        )


def withdraw(
    certificate: Certificate,
    *,
    actor: Any,
    reason: str,
    on_behalf_of: str = "",
    seen_version: int | None = None,
) -> bool:
    """End a certificate before its last day, by the office or by the group itself; claims drop at once.

    seen_version: the one that the person has read, where one was. Raises ReasonMissing, IllegalTransition, and
    CertificateMoved for one that was corrected meanwhile.
    """
    _require(reason)
    with transaction.atomic():
        locked = lock_certificate(certificate)
        if seen_version is not None and locked.version != seen_version:
            raise CertificateMoved
        return _decide(
            certificate,
            locked,
            State.WITHDRAWN,
            actor=actor,
            reason=reason,
            on_behalf_of=on_behalf_of,
            kind="certificate_withdrawn",
        )


def cleaned(data: CertificateData) -> CertificateData:
    """The same as it is kept: on one line, and without signs that nobody sees."""
    return replace(
        data,
        number=_clean(data.number),
        holder=_clean(data.holder),
        issuer=_clean(data.issuer),
        goods=", ".join(goods_words(data.goods)),
    )


def goods_words(typed: str) -> list[str]:
    """The words of goods in what was typed, each once: "Turmeric , haldi" -> ["Turmeric", "haldi"]."""
    # Signs of search expressions would turn what is covered into what is not: "honey or (-x" is all but x.
    parts = _EXPRESSION.sub(" ", _clean(typed)).split(",")
    return list(dict.fromkeys(filter(None, map(_clean, parts))))


def lock_certificate(certificate: Certificate) -> Certificate:
    """The certificate's row, locked and read again; in a transaction."""
    rows = Certificate.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("vendor__home_region", "gi", "region").get(pk=certificate.pk)


def refuse_who_handed_in(locked: Certificate, actor: Any) -> None:
    """Raise CertificateError for whoever handed it in: what shoppers are told takes two persons."""
    if handed_in_by(locked, actor):
        raise CertificateError(_("You have handed this in yourself. Another person must look at it."))


def refuse_proprietor(certificate: Certificate) -> None:
    """Raise CertificateError when the register names the holder of a GI as proprietor (Part A) and the number not as user."""
    if certificate.kind != Kind.GI:
        return
    named = GiParty.objects.filter(gi=certificate.gi_id)
    users = named.filter(Q(until=None) | Q(until__gte=certificate.today), part=GiParty.Part.AUTHORISED_USER)
    is_user = users.filter(number__iexact=certificate.number).exists()
    is_proprietor = named.filter(part=GiParty.Part.PROPRIETOR, name__iexact=certificate.holder).exists()
    if is_proprietor and not is_user:
        words = _(
            "The register names this holder as proprietor (Part A). Only an authorised user (Part B) may use the name."
        )
        raise CertificateError(words)


def _refuse_twin(vendor: Partner, data: CertificateData) -> None:
    twins = Certificate.objects.filter(vendor=vendor, kind=data.kind, number=data.number)
    if twins.filter(valid_until=data.valid_until, state__in=Certificate.COUNTING).exists():
        raise _handed_in_already()


def _handed_in_already() -> CertificateError:
    words = _("This certificate has been handed in already, with the same number and last day.")
    return CertificateError(words, field="number")


def _refuse_other_words(there: Certificate, data: CertificateData) -> None:
    # What was corrected since says no more what was handed in.
    if there.version == 1 and any(getattr(there, name) != getattr(data, name) for name in _TYPED):
        raise FormUsed


def _write(
    vendor: Partner,
    data: CertificateData,
    document: GroupDocument | None,
    *,
    actor: Any,
    form_key: str,
    on_behalf_of: str,
) -> Certificate:
    with transaction.atomic():
        lock_group(vendor)
        certificate = Certificate.objects.create(
            vendor=vendor,
            kind=data.kind,
            number=data.number,
            holder=data.holder,
            issuer=data.issuer,
            gi=data.gi,
            goods=data.goods,
            region=data.region,
            valid_from=data.valid_from,
            valid_until=data.valid_until,
            document=document,
            form_key=form_key,
            submitted_at=timezone.now(),
        )
        certificate.products.set(data.products)
        event = CertificateEvent.objects.create(
            certificate=certificate,
            from_state="",
            to_state=State.SUBMITTED,
            actor=actor,
            on_behalf_of=on_behalf_of,
        )
        if on_behalf_of:
            tell_handed_in(certificate, event)
    return certificate


def _refuse_what_cannot_count(locked: Certificate) -> None:
    if locked.vendor.state == Partner.State.CLOSED:
        raise NotNow
    if locked.has_ended:
        raise CertificateError(_("Its last day is over. Refuse it and ask for the new one."))
    refuse_proprietor(locked)


def _decide(
    certificate: Certificate,
    locked: Certificate,
    target: str,
    *,
    actor: Any,
    reason: str,
    kind: str,
    on_behalf_of: str = "",
    also: dict[str, Any] | None = None,
) -> bool:
    changed = move(
        locked,
        target,
        moves=Certificate.MOVES,
        event=CertificateEvent,
        subject_field="certificate",
        actor=actor,
        reason=reason.strip(),
        on_behalf_of=on_behalf_of,
        also=also,
    )
    certificate.state = locked.state
    if changed:
        tell_decision(locked, locked.events.order_by("-pk")[0], kind)
    return changed


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _clean(typed: str) -> str:
    return " ".join(plain_words(typed).split())

"""Corrections of certificates that are verified: the office has made a mistake, or the issuer has changed the scope."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.audit import noting
from marketplace.lib.words import is_blank, plain_words
from vendors.errors import CertificateError, CertificateMoved, NotNow, ReasonMissing
from vendors.models import Certificate, CertificateCorrection, Partner
from vendors.selectors.corrections import FIELDS, snapshot
from vendors.services.certificate_notices import tell_correction
from vendors.services.certificates import (
    CertificateData,
    check_words,
    cleaned,
    lock_certificate,
    refuse_proprietor,
    refuse_who_handed_in,
)
from vendors.services.requirements import refuse_own_group

_COLUMNS = tuple(name for name in FIELDS if name != "products")


def correct(
    certificate: Certificate,
    data: CertificateData,
    *,
    actor: Any,
    reason: str,
    seen_version: int,
    form_key: str,
) -> bool:
    """Let other words, goods, place or days stand on a verified certificate; claims follow at once, the group is told.

    data: all that stands there from now on; its kind and protected name must be those of the certificate. seen_version:
    the one that the person has read. False for a form that was sent before so. Raises ReasonMissing, OwnGroup,
    CertificateMoved, NotNow for one that is not verified any more or a closed group, and CertificateError, which says
    what to do; then nothing is written.
    """
    why = plain_words(reason)
    if is_blank(why):
        raise ReasonMissing
    try:
        with transaction.atomic(), noting(person=actor.pk, reason=why):
            return _correct(
                certificate,
                cleaned(data),
                actor=actor,
                reason=why,
                seen_version=seen_version,
                form_key=form_key,
            )
    except IntegrityError:
        if CertificateCorrection.objects.filter(certificate=certificate, form_key=form_key).exists():
            return False
        if Certificate.objects.filter(pk=certificate.pk).exclude(version=seen_version).exists():
            raise CertificateMoved from None
        words = _("The group has another certificate of this kind with the same number and last day.")
        raise CertificateError(words, field="number") from None


def _correct(
    certificate: Certificate,
    data: CertificateData,
    *,
    actor: Any,
    reason: str,
    seen_version: int,
    form_key: str,
) -> bool:
    locked = lock_certificate(certificate)
    before = CertificateCorrection.objects.filter(certificate=locked, form_key=form_key).first()
    if before is not None:
        if _is_other(before, locked, data, reason=reason):
            raise CertificateMoved
        return False
    refuse_own_group(locked.vendor, actor)
    refuse_who_handed_in(locked, actor)
    if locked.state != Certificate.State.VERIFIED or locked.vendor.state == Partner.State.CLOSED:
        raise NotNow
    if locked.version != seen_version:
        raise CertificateMoved
    _check(locked, data)
    old = snapshot(locked, list(locked.products.all()))
    _take(locked, data)
    refuse_proprietor(locked)
    new = snapshot(locked, data.products)
    changed = [name for name in new if old[name] != new[name]]
    if not changed:
        raise CertificateError(_("Everything stands there like this already. Change what is wrong."))
    _write(locked, data, changed)
    correction = CertificateCorrection.objects.create(
        certificate=locked,
        version=locked.version,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
        reason=reason,
        corrected_by=actor,
        corrected_at=timezone.now(),
        form_key=form_key,
    )
    tell_correction(correction)
    return True


def _is_other(
    before: CertificateCorrection, locked: Certificate, data: CertificateData, *, reason: str
) -> bool:
    """Whether a form that was sent before comes with other words, as after "back" in the browser."""
    typed = snapshot(Certificate(**{name: getattr(data, name) for name in _COLUMNS}), data.products)
    # What has been corrected since stands there as that left it.
    now = snapshot(locked, list(locked.products.all())) if locked.version == before.version else before.after
    return reason != before.reason or any(typed[name] != value for name, value in now.items())


def _check(locked: Certificate, data: CertificateData) -> None:
    gi = data.gi.pk if data.gi else None
    if (data.kind, gi) != (locked.kind, locked.gi_id):
        words = _(
            "A correction makes no other certificate of it. Withdraw this one, and let the other be handed in."
        )
        raise CertificateError(words)
    check_words(data)
    if locked.valid_from <= locked.today < data.valid_from:
        # Whether a licence has ever held decides whether the number that a group has typed still counts.
        words = _(
            "It has been valid, so its first day cannot lie ahead. Withdraw it, and let it be handed in again."
        )
        raise CertificateError(words, field="valid_from")


def _take(locked: Certificate, data: CertificateData) -> None:
    for name in _COLUMNS:
        setattr(locked, name, getattr(data, name))


def _write(locked: Certificate, data: CertificateData, changed: Collection[str]) -> None:
    if "valid_until" in changed:
        # Of another end the group is warned anew.
        locked.last_warning = None
    locked.version += 1
    locked.save(update_fields=[*_COLUMNS, "last_warning", "version"])
    if "products" in changed:
        locked.products.set(data.products)

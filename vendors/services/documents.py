"""Papers of a group: photographs of each page, kept where no address leads."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.photos import store_picture
from marketplace.lib.uploads import clean_upload, digest_of, private_storage
from vendors.errors import ApplicationError
from vendors.models import GroupDocument, Partner
from vendors.services.applications import lock_group
from vendors.services.uploads import PAPER_FOLDER

MOST_DOCUMENTS = 20


def add_document(
    vendor: Partner, upload: "UploadedFile[Any]", *, kind: str, number: str, actor: Any
) -> GroupDocument:
    """Keep one page of a paper; the same page sent twice is kept once.

    kind: of GroupDocument.Kind. Raises PictureRefused, ApplicationError (too many), NotNow; then nothing is stored.
    """
    digest = digest_of(upload)
    there = GroupDocument.objects.filter(vendor=vendor, kind=kind, digest=digest).first()
    if there is not None:
        return there
    picture = clean_upload(upload)
    storage = private_storage()
    name = store_picture(picture, folder=PAPER_FOLDER, storage=storage)
    try:
        with transaction.atomic():
            lock_group(vendor)
            document, is_new = GroupDocument.objects.get_or_create(
                vendor=vendor,
                kind=kind,
                digest=digest,
                defaults={
                    "number": " ".join(number.split())[:60],
                    "name": name,
                    "width": picture.width,
                    "height": picture.height,
                    "uploaded_by": actor,
                },
            )
            # Papers of certificates stay for years and are not counted.
            loose = GroupDocument.objects.filter(vendor=vendor, certificates=None)
            if loose.count() > MOST_DOCUMENTS:
                raise ApplicationError(
                    _("At most %(count)d pages are kept. Remove one first.") % {"count": MOST_DOCUMENTS}
                )
    except Exception:
        storage.delete(name)
        raise
    if not is_new:
        storage.delete(name)
    return document


def remove_document(document: GroupDocument) -> None:
    """Take a page away. Raises ApplicationError for one that proves something: a mark of staff or a certificate."""
    with transaction.atomic():
        lock_group(document.vendor)
        if document.marks.exists():
            raise ApplicationError(_("The office has checked this paper, so it is kept."))
        if document.certificates.exists():
            raise ApplicationError(_("This paper belongs to a certificate, so it is kept."))
        GroupDocument.objects.filter(pk=document.pk).delete()
    private_storage().delete(document.name)

"""Words, photos and people of a group's page. Of a group in the shop they wait until somebody has read them."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from marketplace.lib.photos import CleanPicture, store_picture, write_renditions
from marketplace.lib.queue import enqueue
from marketplace.lib.stored_photos import RENDITION_WIDTHS
from marketplace.lib.uploads import clean_upload, digest_of
from marketplace.lib.words import plain_words
from vendors.errors import ApplicationError
from vendors.models import GroupPerson, GroupPhoto, Partner
from vendors.selectors.group_changes import ALT
from vendors.services.applications import lock_group
from vendors.services.group_changes import files_of, is_read_first, put_forward
from vendors.services.group_words import write_group_words
from vendors.services.uploads import PHOTO_FOLDER, PORTRAIT_FOLDER, delete_own

MOST_PHOTOS = 8
MOST_PEOPLE = 12
PORTRAIT_EDGE = 480
BATCH = 100


@transaction.atomic
def update_story(
    vendor: Partner,
    *,
    summary: str,
    story: str,
    elsewhere: Mapping[str, str] | None = None,
    actor: Any = None,
) -> None:
    """Write the line and the story that shoppers read. Raises NotNow for a closed group.

    elsewhere: the same in other languages, as "story:hi", and words_language; what is left out stays as it is.
    """
    locked = lock_group(vendor)
    words = {"summary": _one_line(summary)[:160], "story": plain_words(story)}
    for name, text in (elsewhere or {}).items():
        words[name] = _one_line(text)[:160] if name.startswith("summary") else plain_words(text)
    if is_read_first(locked):
        put_forward(locked, actor=actor, words=words)
        return
    write_group_words(locked, words, actor=actor)
    vendor.summary, vendor.story = locked.summary, locked.story


def add_photo(
    vendor: Partner, upload: "UploadedFile[Any]", *, alt_text: str = "", actor: Any = None
) -> GroupPhoto:
    """Add a photo as the last one; the same file sent twice is added once. Renditions follow by the worker.

    Raises PictureRefused, ApplicationError (too many), NotNow; then nothing is stored.
    """
    digest = digest_of(upload)
    there = GroupPhoto.objects.filter(vendor=vendor, digest=digest).first()
    if there is not None:
        return there
    picture = clean_upload(upload)
    name = store_picture(picture, folder=PHOTO_FOLDER)
    try:
        photo, is_new = _write_photo(
            vendor, picture, name=name, digest=digest, alt_text=alt_text, actor=actor
        )
    except Exception:
        default_storage.delete(name)
        raise
    if not is_new:
        default_storage.delete(name)
    return photo


@transaction.atomic
def describe_photo(photo: GroupPhoto, alt_text: str, *, actor: Any = None) -> None:
    """Say what a photo shows, for those who do not see it. Raises NotNow."""
    locked = lock_group(photo.vendor)
    words = _one_line(alt_text)[:200]
    row = GroupPhoto.objects.filter(pk=photo.pk).first()
    if row is None:
        return
    if is_read_first(locked) and not row.waits:
        put_forward(locked, actor=actor, words={f"{ALT}{row.pk}": words})
    elif row.alt_text != words:
        GroupPhoto.objects.filter(pk=row.pk).update(alt_text=words)
        if row.waits:
            put_forward(locked, actor=actor, has_rows=True)


@transaction.atomic
def show_first(photo: GroupPhoto) -> None:
    """Put a photo before all others of its group; again it changes nothing."""
    lock_group(photo.vendor)
    others = GroupPhoto.objects.filter(vendor=photo.vendor_id).exclude(pk=photo.pk)
    for place, pk in enumerate([photo.pk, *others.values_list("pk", flat=True)]):
        GroupPhoto.objects.filter(pk=pk).update(display_order=place)


@transaction.atomic
def show_earlier(photo: GroupPhoto) -> None:
    """Put a photo one place forward; the first one stays."""
    lock_group(photo.vendor)
    order = list(GroupPhoto.objects.filter(vendor=photo.vendor_id).values_list("pk", flat=True))
    if photo.pk not in order[1:]:
        return
    place = order.index(photo.pk)
    order[place - 1], order[place] = order[place], order[place - 1]
    for number, pk in enumerate(order):
        GroupPhoto.objects.filter(pk=pk).update(display_order=number)


def remove_photo(photo: GroupPhoto, *, actor: Any = None) -> None:
    """Take a photo and its files away, at once; removed twice it is gone once. Raises NotNow."""
    with transaction.atomic():
        locked = lock_group(photo.vendor)
        deleted, _rows = GroupPhoto.objects.filter(pk=photo.pk).delete()
        if deleted and is_read_first(locked):
            put_forward(locked, actor=actor, has_rows=True)
    for name in files_of(photo) if deleted else ():
        delete_own(name)


def make_renditions(photo_pk: int) -> bool:
    """Write the renditions of a group's photo and mark it; False when they exist or the photo is gone.

    Safe to run twice and beside itself. Raises OSError when the original cannot be read.
    """
    photo = GroupPhoto.objects.filter(pk=photo_pk, has_renditions=False).first()
    if photo is None:
        return False
    write_renditions(photo.original, RENDITION_WIDTHS)
    return GroupPhoto.objects.filter(pk=photo_pk, has_renditions=False).update(has_renditions=True) == 1


def photos_without_renditions() -> list[int]:
    """Keys of photos whose task was lost, at most one batch."""
    rows = GroupPhoto.objects.filter(has_renditions=False).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def save_person(
    vendor: Partner,
    person: GroupPerson | None,
    *,
    form_key: str,
    name: str,
    work: str,
    has_consent: bool,
    portrait: "UploadedFile[Any] | None",
    actor: Any,
) -> GroupPerson:
    """Write somebody of the story, new or known; without consent the person is kept but shown to nobody, at once.

    form_key: random, of the form that adds somebody: sent twice it adds one. Raises PictureRefused, ApplicationError.
    """
    new_portrait = _store_portrait(portrait) if portrait else ""
    try:
        with transaction.atomic():
            locked = lock_group(vendor)
            row = _read_again(person) if person else _person_of_form(vendor, form_key)
            before, shown, was = row.files, row.as_shown, _all_of(row)
            row.name, row.work = _one_line(name)[:80], _one_line(work)[:120]
            row.portrait = new_portrait or row.portrait
            if has_consent and row.consented_at is None:
                row.consented_at, row.consent_noted_by = timezone.now(), actor
            if not has_consent:
                row.consented_at, row.consent_noted_by = None, None
            row.waits, row.shown = False, None
            if is_read_first(locked) and row.as_shown not in (None, shown):
                row.waits, row.shown = True, shown
            row.save()
            if is_read_first(locked) and _all_of(row) != was:
                put_forward(locked, actor=actor, has_rows=True)
    except Exception:
        if new_portrait:
            default_storage.delete(new_portrait)
        raise
    for old in before - row.files:
        delete_own(old)
    return row


def remove_person(person: GroupPerson, *, actor: Any = None) -> None:
    """Take somebody out of the story, the portrait too, at once. Raises NotNow."""
    with transaction.atomic():
        locked = lock_group(person.vendor)
        deleted, _rows = GroupPerson.objects.filter(pk=person.pk).delete()
        if deleted and is_read_first(locked):
            put_forward(locked, actor=actor, has_rows=True)
    for name in person.files if deleted else ():
        delete_own(name)


def _all_of(row: GroupPerson) -> tuple[Any, ...]:
    has_consent = row.consented_at is not None
    return row.pk, row.name, row.work, row.portrait, has_consent, row.waits, row.shown


def _one_line(words: str) -> str:
    return " ".join(plain_words(words).split())


def _read_again(person: GroupPerson) -> GroupPerson:
    """The row as it is now. Raises ApplicationError for somebody taken out meanwhile, whom saving would bring back."""
    row = GroupPerson.objects.select_for_update().filter(pk=person.pk).first()
    if row is None:
        raise ApplicationError(_("This person was taken out of the story meanwhile."))
    return row


def _person_of_form(vendor: Partner, form_key: str) -> GroupPerson:
    """The person whom this form added already, else a new one at the end. Raises ApplicationError."""
    rows = GroupPerson.objects.filter(vendor=vendor)
    there = rows.filter(form_key=form_key).first()
    if there is not None:
        return there
    if rows.count() >= MOST_PEOPLE:
        raise ApplicationError(
            _("At most %(count)d people are shown. Remove somebody first.") % {"count": MOST_PEOPLE}
        )
    last: int | None = rows.aggregate(last=Max("display_order"))["last"]
    return GroupPerson(vendor=vendor, form_key=form_key, display_order=0 if last is None else last + 1)


def _store_portrait(upload: "UploadedFile[Any]") -> str:
    """A square of the middle of the photo, as faces are shown small and round."""
    picture = clean_upload(upload)
    with Image.open(BytesIO(picture.content)) as opened:
        square = ImageOps.fit(opened.convert("RGB"), (PORTRAIT_EDGE, PORTRAIT_EDGE), centering=(0.5, 0.4))
    out = BytesIO()
    square.save(out, "WEBP", quality=84, method=4)
    small = CleanPicture(out.getvalue(), PORTRAIT_EDGE, PORTRAIT_EDGE)
    return store_picture(small, folder=PORTRAIT_FOLDER)


@transaction.atomic
def _write_photo(
    vendor: Partner, picture: CleanPicture, *, name: str, digest: str, alt_text: str, actor: Any
) -> tuple[GroupPhoto, bool]:
    locked = lock_group(vendor)
    rows = GroupPhoto.objects.filter(vendor=vendor)
    last: int | None = rows.aggregate(last=Max("display_order"))["last"]
    photo, is_new = GroupPhoto.objects.get_or_create(
        vendor=vendor,
        digest=digest,
        defaults={
            "original": name,
            "alt_text": _one_line(alt_text)[:200],
            "waits": is_read_first(locked),
            "width": picture.width,
            "height": picture.height,
            "display_order": 0 if last is None else last + 1,
        },
    )
    if rows.count() > MOST_PHOTOS:
        raise ApplicationError(
            _("A group shows at most %(count)d photos. Remove one first.") % {"count": MOST_PHOTOS}
        )
    if is_new and photo.waits:
        put_forward(locked, actor=actor, has_rows=True)
    if is_new:
        enqueue("vendors.make_renditions", photo_pk=photo.pk)
    return photo, is_new

"""Decisions about proposed changes: applied whole or not at all, and only as the moderator has read them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from catalogue.errors import ChangeMoved, ChangeOutdated, ListingIncomplete, ListingLocked
from catalogue.models import (
    ListingChange,
    ListingChangeEvent,
    Product,
    ProductImage,
    ProposedPhoto,
)
from catalogue.selectors.snapshots import FIELDS, Snapshot, snapshot
from catalogue.services.changes import delete_private, listing_data, lock_change, private_storage
from catalogue.services.listings import SizeData, write_words
from catalogue.services.photos import FOLDER, files_of
from catalogue.services.review import missing_parts
from catalogue.services.sizes import lock_listing, write_new_size, write_size
from catalogue.services.telling import tell_of_change
from marketplace.lib.photos import CleanPicture, store_picture
from marketplace.lib.queue import enqueue
from marketplace.lib.states import IllegalTransition, move
from vendors.domain.sku import sku_key
from vendors.errors import ReasonMissing
from vendors.models import StockRecord

State = ListingChange.State
WORDS = frozenset(FIELDS) - {"photos", "sizes"}


def approve(change: ListingChange, actor: Any, *, version: int, reason: str = "") -> bool:
    """Make a listing what its group proposed, in one transaction.

    version: of the change that the moderator has read. Raises ChangeMoved when the group has proposed anew meanwhile,
    ChangeOutdated when the listing itself has changed where the change touches it, ListingLocked when it is not on
    sale any more, IllegalTransition when somebody else has decided, ListingIncomplete; then nothing is changed.
    """
    # Files are copied before the transaction, which they would hold up, and taken away again when it fails.
    public = {photo.pk: _published(photo) for photo in change.photos.all()}
    try:
        with transaction.atomic():
            _approve(change, actor, version=version, reason=reason, public=public)
    except Exception:
        _delete(public.values())
        raise
    return True


@transaction.atomic
def ask_for_changes(
    change: ListingChange, actor: Any, note: str, *, version: int, fields: Iterable[str] = ()
) -> bool:
    """Return a change to its group with a note. fields: those of a snapshot that the note is about.

    Raises ReasonMissing, ChangeMoved, IllegalTransition.
    """
    noted = [name for name in FIELDS if name in set(fields)]
    return _refuse(change, State.RETURNED, actor, note, version=version, also={"noted_fields": noted})


@transaction.atomic
def reject(change: ListingChange, actor: Any, reason: str, *, version: int) -> bool:
    """Refuse a change for good; the listing sells on as it is. Raises ReasonMissing, ChangeMoved, IllegalTransition."""
    return _refuse(change, State.REJECTED, actor, reason, version=version, also={})


def _approve(
    change: ListingChange, actor: Any, *, version: int, reason: str, public: Mapping[int, str]
) -> None:
    listing = lock_listing(change.listing_id)
    locked = _waiting(change.pk, State.APPROVED, version=version)
    if listing.state != Product.State.LIVE:
        raise ListingLocked
    current = snapshot(listing)
    moved = [name for name, value in locked.base.items() if current[name] != value]
    if moved:
        raise ChangeOutdated([FIELDS[name] for name in moved])
    _apply(listing, current, locked, public=public)
    missing = missing_parts(listing)
    if missing:
        raise ListingIncomplete(missing)
    _move(locked, State.APPROVED, actor, reason, also={})


def _apply(listing: Product, current: Snapshot, change: ListingChange, *, public: Mapping[int, str]) -> None:
    proposed: Snapshot = change.proposed
    if WORDS & proposed.keys():
        # Whoever handed it in has written it; the moderator has read it.
        handed_in = change.events.filter(to_state=State.SUBMITTED).order_by("-pk").first()
        author = handed_in.actor if handed_in else None
        write_words(listing, listing_data({**current, **proposed}), actor=author)
    for size in proposed.get("sizes", ()):
        if size["pk"] is None:
            write_new_size(listing, _size_data(listing, size))
        else:
            write_size(size["pk"], size)
    if "photos" in proposed:
        _apply_photos(listing, change, public=public)
    listing.refresh_from_db()


def _size_data(listing: Product, size: Mapping[str, Any]) -> SizeData:
    quantity, sku = size["net_quantity"], size.get("sku", "")
    # The group may have given the name to something else meanwhile; the shop then gives one.
    is_taken = StockRecord.objects.filter(partner=listing.vendor_id, sku_key=sku_key(sku)).exists()
    return SizeData(
        price=Decimal(size["price"]),
        units=size["units"],
        label=size["label"],
        sku="" if is_taken else sku,
        net_quantity=Decimal(quantity) if quantity else None,
        net_unit=size["net_unit"],
        weight_grams=size.get("weight_grams"),
    )


def _apply_photos(listing: Product, change: ListingChange, *, public: Mapping[int, str]) -> None:
    wanted = change.proposed["photos"]
    gone = listing.images.exclude(pk__in=[entry["photo"] for entry in wanted if "photo" in entry])
    names = [name for photo in gone for name in files_of(photo)]
    gone.delete()
    waiting = {photo.pk: photo for photo in change.photos.all()}
    for place, entry in enumerate(wanted):
        if "photo" in entry:
            rows = ProductImage.objects.filter(pk=entry["photo"], product=listing)
            rows.update(display_order=place, alt_text=entry["alt"])
        elif entry["new"] in waiting:
            _add_photo(listing, waiting[entry["new"]], public[entry["new"]], place=place, alt=entry["alt"])
    private = [photo.file for photo in waiting.values()]
    change.photos.all().delete()
    transaction.on_commit(partial(_delete, names))
    transaction.on_commit(partial(delete_private, private))


def _add_photo(listing: Product, photo: ProposedPhoto, name: str, *, place: int, alt: str) -> None:
    row = ProductImage.objects.create(
        product=listing,
        original=name,
        alt_text=alt,
        width=photo.width,
        height=photo.height,
        display_order=place,
    )
    enqueue("catalogue.make_renditions", photo_pk=row.pk)


def _published(photo: ProposedPhoto) -> str:
    with private_storage().open(photo.file) as file:
        picture = CleanPicture(file.read(), photo.width, photo.height)
    return store_picture(picture, folder=FOLDER)


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _waiting(pk: int, target: State, *, version: int) -> ListingChange:
    """The locked change, when it still waits as it was read."""
    locked = lock_change(pk)
    if locked.state != State.SUBMITTED:
        # Also for what somebody else has decided alike: two moderators hear that one of them came late.
        raise IllegalTransition(locked, locked.state, target)
    if locked.version != version:
        raise ChangeMoved
    return locked


def _refuse(
    change: ListingChange, target: State, actor: Any, reason: str, *, version: int, also: Mapping[str, Any]
) -> bool:
    if not reason.strip():
        raise ReasonMissing
    lock_listing(change.listing_id)
    return _move(_waiting(change.pk, target, version=version), target, actor, reason, also=also)


def _move(locked: ListingChange, target: State, actor: Any, reason: str, *, also: Mapping[str, Any]) -> bool:
    changed = move(
        locked,
        target,
        moves=ListingChange.MOVES,
        event=ListingChangeEvent,
        subject_field="change",
        actor=actor,
        reason=reason.strip(),
        also=also,
    )
    if changed:
        tell_of_change(locked, note=reason.strip())
    return changed

"""Changes of a listing on sale: proposed as data, while the listing sells as it is. Decided in change_review."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.errors import ListingIncomplete, ListingLocked, PhotoRefused
from catalogue.models import ListingChange, ListingChangeEvent, Product, ProposedPhoto
from catalogue.selectors.gaps import Gap, food_gaps, holds_food, name_gaps
from catalogue.selectors.snapshots import (
    FIELDS,
    TEXTS,
    TRANSLATED,
    Snapshot,
    snapshot,
    translations_of,
)
from catalogue.services.arranging import PhotoEdit, arranged
from catalogue.services.listings import ListingData, check_named, check_place
from catalogue.services.photos import MOST_PHOTOS, cleaned
from catalogue.services.prices import check_price
from catalogue.services.sizes import lock_listing
from marketplace.lib.photos import CleanPicture, rendition_name, store_picture, write_renditions
from marketplace.lib.states import move
from marketplace.lib.words import is_blank, plain_words
from regions.models import IdentifiedProduct, Region

State = ListingChange.State
FOLDER = "proposed"
SHOWN_WIDTH = 640


@dataclass(frozen=True)
class Wanted:
    """What a group wants a listing to be. values: fields of a snapshot, those left out stay as they are.

    sizes in values: those of the listing by their pk, and new ones. Photos are said by photos and uploads.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    photos: PhotoEdit = field(default_factory=PhotoEdit)
    uploads: "Sequence[UploadedFile[Any]]" = ()


def private_storage() -> Storage:
    """Where photos lie that no moderator has seen; no address leads there."""
    found: Storage = storages["private"]
    return found


def propose(
    listing: Product, wanted: Wanted, actor: Any, *, send: bool, on_behalf_of: str = ""
) -> ListingChange | None:
    """Keep what is wanted of a listing on sale as its one open change; None when it asks for nothing new.

    An open change is written over, on what stands now, and its version counts up; one that asks for nothing any more is
    withdrawn. send: hand it to the office; otherwise it stays where it is. The same call twice changes nothing more.
    Raises ListingLocked for a listing that is not on sale, ListingIncomplete, ProductOfAnotherPlace, PriceOutOfRange,
    PhotoRefused; then nothing is kept.
    """
    pictures = [cleaned(upload) for upload in wanted.uploads]
    stored = [_store(picture) for picture in pictures]
    try:
        with transaction.atomic():
            change, unused = _propose(listing, wanted, list(zip(pictures, stored, strict=True)), actor=actor)
            if change is not None and send:
                _hold(listing, change)
                _move(change, State.SUBMITTED, actor=actor, on_behalf_of=on_behalf_of)
    except Exception:
        delete_private(stored)
        raise
    delete_private(unused)
    return change


@transaction.atomic
def withdraw(change: ListingChange, actor: Any, *, reason: str = "", on_behalf_of: str = "") -> bool:
    """Give up a proposed change; False when it is withdrawn already. Raises IllegalTransition."""
    lock_listing(change.listing_id)
    locked = lock_change(change.pk)
    return _move(locked, State.WITHDRAWN, actor=actor, reason=reason, on_behalf_of=on_behalf_of)


def withdraw_open(listing: Product, actor: Any, *, reason: str) -> None:
    """Give up the open change of a listing that leaves the sale; the caller holds the listing's row."""
    change = open_change(listing.pk)
    if change is not None:
        _move(change, State.WITHDRAWN, actor=actor, reason=reason)


def open_change(listing_pk: int) -> ListingChange | None:
    """The open change of a listing, its row held by the caller, who holds the listing's."""
    return ListingChange.objects.select_for_update(of=("self",)).open().filter(listing=listing_pk).first()


def lock_change(pk: int) -> ListingChange:
    """The row of a change; the listing's is locked first."""
    found: ListingChange = ListingChange.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


def delete_private(names: Sequence[str]) -> None:
    """Delete photos that wait for nobody, with their smaller copies."""
    for name in names:
        private_storage().delete(name)
        private_storage().delete(rendition_name(name, SHOWN_WIDTH))


def merged(current: Snapshot, change: ListingChange | None) -> Snapshot:
    """The listing as it would be after its open change, without sizes that were taken out since."""
    values = {**current, **(change.proposed if change else {})}
    return {**values, "sizes": _still_there(current, values["sizes"])}


def listing_data(values: Snapshot) -> ListingData:
    """Texts, place and categories of a snapshot. Raises ProductOfAnotherPlace."""
    known = values["identified_product"]
    data = ListingData(
        title=values["title"],
        region=Region.objects.get(pk=values["region"]),
        description=values["description"],
        identified_product=IdentifiedProduct.objects.select_related("region").get(pk=known)
        if known
        else None,
        ingredients=values["ingredients"],
        storage=values["storage"],
        lot_rule=values["lot_rule"],
        is_perishable=values["is_perishable"],
        season=values.get("season", ""),
        category_pks=values["categories"],
        words_language=values["words_language"],
        translations=translations_of(values),
    )
    check_place(data)
    return data


def _still_there(current: Snapshot, sizes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    there = {None, *(size["pk"] for size in current["sizes"])}
    return [size for size in sizes if size["pk"] in there]


def _store(picture: CleanPicture) -> str:
    name = store_picture(picture, folder=FOLDER, storage=private_storage())
    write_renditions(name, [SHOWN_WIDTH], storage=private_storage())
    return name


def _propose(
    listing: Product, wanted: Wanted, pictures: Sequence[tuple[CleanPicture, str]], *, actor: Any
) -> tuple[ListingChange | None, list[str]]:
    """The open change as it is now, and the files of those pictures that were there already."""
    locked = lock_listing(listing.pk)
    if locked.state != Product.State.LIVE:
        raise ListingLocked
    current = snapshot(locked)
    change = open_change(listing.pk)
    values = {**merged(current, change), **_plain(wanted.values)}
    values |= {field: "" for field, (_name, code) in TRANSLATED.items() if code == values["words_language"]}
    values["sizes"] = _still_there(current, values["sizes"])
    photos = arranged(merged(current, change)["photos"], wanted.photos)
    if change is None:
        if not pictures and {**values, "photos": photos} == current:
            return None, []
        change = ListingChange.objects.create(listing=locked)
    added, unused = _added(change, pictures)
    values["photos"] = [*photos, *added]
    held = [current["identified_product"], change.proposed.get("identified_product")]
    _check(values, held=held)
    _write(change, current, values, actor=actor)
    return (change if change.state in ListingChange.OPEN else None), unused


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with their words as a listing keeps them, so that both can be compared."""
    texts: dict[str, Any] = {name: plain_words(values[name]) for name in TEXTS if name in values}
    if "sizes" in values:
        texts["sizes"] = [{**size, "label": plain_words(size["label"])} for size in values["sizes"]]
    return {**values, **texts}


def _added(
    change: ListingChange, pictures: Sequence[tuple[CleanPicture, str]]
) -> tuple[list[dict[str, Any]], list[str]]:
    added, unused = [], []
    for picture, name in pictures:
        digest = hashlib.sha256(picture.content).hexdigest()
        row, is_new = ProposedPhoto.objects.get_or_create(
            change=change,
            digest=digest,
            defaults={"file": name, "width": picture.width, "height": picture.height},
        )
        if is_new:
            added.append({"new": row.pk, "alt": ""})
        else:
            unused.append(name)
    return added, unused


def _check(values: Snapshot, *, held: Collection[int | None]) -> None:
    empty = {"title": is_blank(values["title"]), "photos": not values["photos"]}
    gaps = [FIELDS[name] for name, is_empty in empty.items() if is_empty]
    if gaps:
        raise ListingIncomplete(gaps)
    if len(values["photos"]) > MOST_PHOTOS:
        raise PhotoRefused(
            _("A listing shows at most %(count)d photos. Remove one first.") % {"count": MOST_PHOTOS}
        )
    for size in values["sizes"]:
        if size["pk"] is None:
            check_price(Decimal(size["price"]))
    check_named(listing_data(values).identified_product, held=held)


def _hold(listing: Product, change: ListingChange) -> None:
    """Raise ListingIncomplete when the listing would be food without its facts, or use a protected name without a certificate."""
    values = merged(snapshot(change.listing), change)
    data = listing_data(values)
    wished = Product(
        vendor_id=listing.vendor_id,
        title=data.title,
        description=data.description,
        region=data.region,
        identified_product=data.identified_product,
        words_language=data.words_language,
        translations=data.translations,
    )
    found = name_gaps(wished)
    if "categories" in change.proposed and not values["categories"]:
        # Without a kind of goods food would pass for something else.
        found.append(Gap("categories", FIELDS["categories"]))
    if holds_food(values["categories"]):
        contents = [size["net_quantity"] for size in values["sizes"]]
        found = food_gaps(wished, facts=values, contents=contents) + found
    if found:
        raise ListingIncomplete([gap.words for gap in found])


def _write(change: ListingChange, current: Snapshot, values: Snapshot, *, actor: Any) -> None:
    proposed = {name: values[name] for name in FIELDS if values[name] != current[name]}
    base = {name: current[name] for name in proposed}
    _forget_photos(change, values["photos"])
    if (proposed, base) != (change.proposed, change.base):
        change.proposed, change.base = proposed, base
        change.version += 1
        change.save(update_fields=["proposed", "base", "version"])
    if not proposed:
        _move(change, State.WITHDRAWN, actor=actor)


def _forget_photos(change: ListingChange, photos: Sequence[Mapping[str, Any]]) -> None:
    """Rows of photos that were taken out of the change again; their files go after the commit."""
    gone = change.photos.exclude(pk__in=[entry["new"] for entry in photos if "new" in entry])
    names = list(gone.values_list("file", flat=True))
    if names:
        gone.delete()
        transaction.on_commit(partial(delete_private, names))


def _move(
    change: ListingChange, target: State, *, actor: Any, reason: str = "", on_behalf_of: str = ""
) -> bool:
    also: dict[str, Any] = {}
    if target == State.SUBMITTED:
        also = {"submitted_at": timezone.now(), "noted_fields": []}
    return move(
        change,
        target,
        moves=ListingChange.MOVES,
        event=ListingChangeEvent,
        subject_field="change",
        actor=actor,
        reason=reason.strip(),
        on_behalf_of=on_behalf_of,
        also=also,
    )

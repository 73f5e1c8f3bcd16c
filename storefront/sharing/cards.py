"""What stands on the picture of a page, and the key that changes with it."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import ProductImage
from marketplace.lib.stored_photos import StoredPhoto
from programme.models import Collection, Story
from regions.models import Region
from storefront.rows import place_words
from vendors.models import Partner

# Counted up when the drawing changes, so that every picture is drawn anew.
DRAWING = 1
WIDTH, HEIGHT = 1200, 630
DIGEST_LENGTH = 24


@dataclass(frozen=True)
class Card:
    """The picture of one page in one language.

    kind, name: which page, as in the address of the picture. title: large; above, below: small, may be empty.
    code: the place whose cloth it is; empty for the shop's own. photo: name in the storage, may be empty.
    """

    kind: str
    name: str
    language: str
    title: str
    above: str = ""
    below: str = ""
    code: str = ""
    photo: str = ""

    @property
    def digest(self) -> str:
        """The key of all that stands on it: another word, place or photo gives another one."""
        said = json.dumps([DRAWING, settings.SITE_NAME, asdict(self)], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def url(self) -> str:
        """Address of the picture, which never shows anything else."""
        return reverse("shared-picture", args=[self.kind, self.language, self.name, self.digest])


def home_card() -> Card:
    """The shop."""
    return Card("home", "shop", _language(), _("Every place is known for something."))


def place_card(region: Region) -> Card:
    """A place, read with the one above it: its name in both scripts."""
    above = region.parent.name if region.parent else ""
    return Card("place", region.code, _language(), region.name, above, region.local_name, region.code)


def group_card(group: Partner, photo: StoredPhoto | None) -> Card:
    """A group, read with its home and what that lies in. photo: its first one."""
    where = place_words(group.home_region)
    words = {"above": where, "below": str(group.get_kind_display()).capitalize()}
    return _card("group", group.code, group.name, code=group.home_region.code, photo=photo, **words)


def listing_card(title: str, *, pk: int, region: Region, group: str, photo: ProductImage | None) -> Card:
    """A listing. region: read with the one above it; group: its name; photo: its first one."""
    words = {"above": place_words(region), "below": group}
    return _card("listing", str(pk), title, code=region.code, photo=photo, **words)


def story_card(story: Story, photo: StoredPhoto | None) -> Card:
    """A story, read with its place and what that lies in."""
    where = place_words(story.region) if story.region else ""
    code = story.region.code if story.region else ""
    return _card(
        "story", story.slug, str(story.said("title")), code=code, photo=photo, above=where, below=_("Story")
    )


def collection_card(collection: Collection) -> Card:
    """A collection, read with its place and what that lies in."""
    where = place_words(collection.region) if collection.region else ""
    code = collection.region.code if collection.region else ""
    kind = str(collection.get_kind_display()).capitalize()
    return Card(
        "collection",
        collection.slug,
        _language(),
        str(collection.said("title")),
        where,
        kind,
        code,
    )


def _card(
    kind: str,
    name: str,
    title: str,
    *,
    code: str,
    photo: StoredPhoto | ProductImage | None,
    above: str,
    below: str,
) -> Card:
    stored = photo.rendition_name(1280) if photo is not None else ""
    return Card(kind, name, _language(), title, above, below, code, stored)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE

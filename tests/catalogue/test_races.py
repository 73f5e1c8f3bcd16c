"""Several people at one listing at the same moment, each with a control that drops the guard."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalogue.errors import PhotoRefused
from catalogue.models import ListingEvent, Product
from catalogue.services import photos, review
from catalogue.services.photos import MOST_PHOTOS, add_photo
from tests.factories.catalogue import ListingFactory
from tests.support.race import pausing, race


def unguarded(listing):
    return Product.objects.get(pk=listing.pk)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_eight_moderators_make_one_decision(is_guarded, monkeypatch):
    listing = ListingFactory(submitted=True)
    monkeypatch.setattr(review, "missing_parts", pausing(review.missing_parts))
    if not is_guarded:
        monkeypatch.setattr(review, "_lock", unguarded)
        # The group's row would queue them just as well.
        monkeypatch.setattr(review, "_lock_vendor", lambda listing: listing.vendor)

    outcomes = race(lambda: review.approve(Product.objects.get(pk=listing.pk), None), contenders=8)

    assert outcomes.count(None) == 8
    decisions = ListingEvent.objects.filter(to_state="live").count()
    assert decisions == (1 if is_guarded else 8)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_uploads_at_once_do_not_exceed_the_most(is_guarded, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    listing = ListingFactory(draft=True)
    monkeypatch.setattr(photos, "_check_room", pausing(photos._check_room))
    if not is_guarded:
        monkeypatch.setattr(photos, "_lock", unguarded)
    picture = BytesIO()
    Image.new("RGB", (200, 200)).save(picture, "PNG")

    def upload():
        add_photo(listing, SimpleUploadedFile("photo.png", picture.getvalue()))

    outcomes = race(upload, contenders=MOST_PHOTOS + 4)

    kept = listing.images.count()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == kept == outcomes.count(None)
    assert kept == (MOST_PHOTOS if is_guarded else MOST_PHOTOS + 4)
    if is_guarded:
        assert all(isinstance(outcome, PhotoRefused) for outcome in outcomes if outcome)
        assert sorted(listing.images.values_list("display_order", flat=True)) == list(range(MOST_PHOTOS))

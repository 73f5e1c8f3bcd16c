"""Pictures that chats show beside a link: of the right page, drawn once, kept until the page changes."""

import html
import re
import threading
from io import BytesIO

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import translation
from PIL import Image

from marketplace.lib.addresses import in_language
from storefront.sharing import Card, keeping, lettering
from storefront.sharing.cards import listing_card
from storefront.sharing.drawing import MOST_BYTES, draw
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.programme import CollectionFactory, StoryFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import pause, race

DZONGKHA, HINDI = "སྤ་རོ་རྫོང་ཁག་གི་ཨེ་མ་བསྒྲུབས་པ", "क्षत्रिय घराने का हस्तनिर्मित शॉल"


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    """Pictures of this test alone."""
    backend = settings.STORAGES["private"]["BACKEND"]
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": backend, "OPTIONS": {"location": tmp_path, "base_url": None}},
    }
    cache.clear()
    return tmp_path


def card_named(title="Red rice", **values):
    return Card("listing", "1", "en", title, **{"code": "BT-11", **values})


def told(client, address):
    """What the page tells chats, by property; locales of other languages as a list."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    rows = re.findall(
        r'<meta (?:property|name)="((?:og|twitter|product):[^"]+)"\s+content="([^"]*)">',
        answer.content.decode(),
    )
    others = [value for name, value in rows if name == "og:locale:alternate"]
    return {**{name: html.unescape(value) for name, value in rows}, "others": others}


def picture_at(client, address):
    assert address.startswith(settings.SITE_URL)
    answer = client.get(address.removeprefix(settings.SITE_URL))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    return answer.content


@pytest.mark.django_db
def test_every_kind_of_page_is_shared_with_a_picture_of_its_own(client, paro):
    listing = ListingFactory(title="Red rice <&>", region=paro.doga)
    PhotoFactory(product=listing)
    story = StoryFactory(region=paro.doga, published=True)
    collection = CollectionFactory(region=paro, listings=[listing], published=True)
    pages = [
        "/",
        "/places/BT-11/",
        *(row.get_absolute_url() for row in (listing, listing.vendor, story, collection)),
    ]

    pictures = set()
    for page in pages:
        said = told(client, page)
        assert said["og:url"] == settings.SITE_URL + page
        assert said["og:title"]
        assert said["og:description"]
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["twitter:card"] == "summary_large_image"
        pictures.add(picture_at(client, said["og:image"]))

    assert len(pictures) == len(pages)
    for picture in pictures:
        assert len(picture) <= MOST_BYTES
        with Image.open(BytesIO(picture)) as opened:
            assert (opened.format, opened.size) == ("JPEG", (1200, 630))


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("hi", "hi_IN"), ("dz", "dz_BT")])
def test_a_page_says_its_language_address_and_price(client, paro, language, locale):
    listing = ListingFactory(title="Red rice", region=paro.doga, stock__price="450.00")

    said = told(client, in_language(listing.get_absolute_url(), language))

    assert said["og:url"] == settings.SITE_URL + in_language(listing.get_absolute_url(), language)
    assert said["og:locale"] == locale
    assert sorted([locale, *said["others"]]) == ["dz_BT", "en_GB", "hi_IN"]
    assert (said["og:title"], said["product:price:amount"]) == ("Red rice", "450.00")
    assert f"/{language}/" in said["og:image"]
    picture_at(client, said["og:image"])


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "Red rice"), ("hi", "लाल चावल"), ("dz", "Red rice")])
def test_the_picture_bears_the_title_in_the_language_of_the_page(client, paro, language, title):
    listing = ListingFactory(title="Red rice", region=paro.doga, translations={"hi": {"title": "लाल चावल"}})

    page = client.get(in_language(listing.get_absolute_url(), language))

    card = page.context["card"]
    assert (card.title, card.language) == (title, language)
    said = told(client, in_language(listing.get_absolute_url(), language))
    assert said["og:title"] == said["og:image:alt"] == title
    # Found by its address alone it is the same picture.
    assert said["og:image"] == f"{settings.SITE_URL}{card.url}"
    picture_at(client, said["og:image"])


@pytest.mark.django_db
def test_another_title_photo_or_place_is_another_picture_and_another_price_is_not(client, paro):
    listing = ListingFactory(title="Red rice", region=paro.doga)
    seen = [told(client, listing.get_absolute_url())["og:image"]]

    def now():
        seen.append(told(client, listing.get_absolute_url())["og:image"])
        return seen[-1] != seen[-2]

    listing.stockrecords.update(price="999.00")
    assert not now()
    listing.title = "White rice"
    listing.save()
    assert now()
    PhotoFactory(product=listing)
    assert now()
    listing.region = paro
    listing.save()
    assert now()
    answer = client.get(seen[0].removeprefix(settings.SITE_URL))
    assert (answer.status_code, settings.SITE_URL + answer["Location"]) == (302, seen[-1])
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_picture_goes_with_its_page(client, paro):
    listing = ListingFactory(region=paro.doga)
    address = told(client, listing.get_absolute_url())["og:image"]
    picture_at(client, address)

    listing.state, listing.is_public = listing.State.WITHDRAWN, False
    listing.save()

    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "names",
    [
        ("nothing", "en", "1", "0"),
        ("place", "xx", "BT-11", "0"),
        ("place", "en", "BT-99", "0"),
        ("listing", "en", "x", "0"),
        ("listing", "en", "9" * 30, "0"),
        ("home", "en", "another", "0"),
    ],
)
def test_there_is_no_picture_of_what_there_is_not(client, names):
    assert client.get(reverse("shared-picture", args=names)).status_code == 404


@pytest.mark.django_db
def test_showing_a_page_draws_nothing(client, paro, monkeypatch):
    monkeypatch.setattr(keeping, "draw", pytest.fail)

    told(client, "/places/BT-11/")


@pytest.mark.django_db
def test_what_the_public_does_not_see_is_not_shared(admin_client):
    group = VendorFactory(draft=True)

    assert "og:image" not in told(admin_client, group.get_absolute_url())


@pytest.mark.parametrize(("guarded", "drawn"), [(True, 1), (False, 6)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_have_it_drawn_once(monkeypatch, guarded, drawn):
    calls, add = [], LocMemCache.add
    asked, all_have_asked = threading.local(), threading.Barrier(6)

    def drawn_at_once(card, **values):
        calls.append(card)
        if not guarded:
            pause()
        return b"picture\xff\xd9"

    def ask(*args, **values):
        is_mine = add(*args, **values) or not guarded
        if not hasattr(asked, "before"):
            asked.before = True
            all_have_asked.wait(timeout=30)
        return is_mine

    monkeypatch.setattr(keeping, "draw", drawn_at_once)
    monkeypatch.setattr(LocMemCache, "add", ask)

    outcomes = race(lambda: keeping.picture_of(card_named()), contenders=6)

    assert len(calls) == drawn
    # Without the lock six write the same file, and one may take it from under another.
    assert outcomes == [None] * 6 or not guarded


def test_who_waits_too_long_is_asked_to_come_again(monkeypatch):
    cache.add(f"drawing:{card_named().digest}", 1)
    monkeypatch.setattr(keeping, "WAIT_SECONDS", 0)

    with pytest.raises(keeping.Busy):
        keeping.picture_of(card_named())


def test_what_a_killed_writer_left_is_drawn_again(kept):
    card = card_named()
    name = f"shared/listing/1/en-{card.digest}.jpg"
    storages["private"].save(name, ContentFile(b"\xff\xd8half"))

    whole = keeping.picture_of(card)

    assert whole.endswith(b"\xff\xd9")
    assert (kept / name).read_bytes() == whole


def test_a_new_picture_takes_the_place_of_the_old_one_of_its_language(kept):
    hindi = Card("listing", "1", "hi", HINDI, code="BT-11")
    for card in (card_named("Red rice"), hindi, card_named("White rice")):
        keeping.picture_of(card)

    names = sorted(path.name for path in (kept / "shared/listing/1").iterdir())
    assert names == [f"en-{card_named('White rice').digest}.jpg", f"hi-{hindi.digest}.jpg"]


def test_a_photo_whose_file_is_gone_leaves_the_cloth():
    assert keeping.picture_of(card_named(photo="gone.webp")) == draw(card_named(), site=settings.SITE_NAME)


def test_the_photo_is_on_the_picture():
    out = BytesIO()
    Image.new("RGB", (800, 800), (10, 200, 30)).save(out, "WEBP")

    drawn = draw(card_named(), site="Shop", photo=out.getvalue())

    with Image.open(BytesIO(drawn)) as opened:
        red, green, blue = opened.getpixel((300, 250))
    assert green > 150 > max(red, blue)


def test_words_are_shaped_as_their_script_asks():
    stacked, letters = lettering.width("བསྒྲུབས", 1), sum(lettering.width(letter, 1) for letter in "བསགརབས")
    assert stacked < letters
    assert lettering.width("क्षत्रि", 1) < sum(lettering.width(letter, 1) for letter in "कषतरइ")


@pytest.mark.parametrize(
    "words", ["Red rice of Paro", DZONGKHA, HINDI, f"Rice, {HINDI} {DZONGKHA} rice " * 5, "w" * 300]
)
def test_titles_stay_within_their_room(words):
    found = lettering.fitted(words, room=500, sizes=(70, 40), lines=4)

    assert 1 <= len(found.lines) <= 4
    assert all(lettering.width(line, found.size, is_bold=True) <= 500 for line in found.lines)
    whole = "".join(found.lines).replace(" ", "")
    assert whole == words.replace(" ", "") or found.lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("words", "drawn"),
    [("Red\x00 rice\u202e\n ", "Red rice"), (DZONGKHA, DZONGKHA), ("米 rice", ""), ("", "")],
)
def test_words_that_no_font_of_ours_has_are_left_out(words, drawn):
    assert lettering.drawable(words) == drawn


def test_a_card_is_of_the_language_that_is_spoken(paro):
    with translation.override("dz"):
        card = listing_card("Rice", pk=7, region=paro, group="Group", photo=None)

    assert (card.language, card.url) == ("dz", f"/shared/listing/dz/7/{card.digest}.jpg")

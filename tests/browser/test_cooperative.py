"""A co-operative on its phones, from the application to the first goods that come back; and the desk in Hindi."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import get_language_info, gettext
from playwright.sync_api import expect

from orders.models import Return, Shipment, VendorOrder
from orders.services import releasing
from tests.browser import cooperative as coop
from tests.browser.goods import countries, gewog, one_stall, write_files
from tests.browser.walking import Walk
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory
from tests.support.sale import open_shop, placed_order
from tests.support.services import wait_until
from vendors.models import Membership, Partner
from vendors.services.requirements import create_requirements

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}
CHAIR, PACKER = "17 61 00 01", "17 61 00 02"
GROUP, BELT, SCARF = "Khoma weavers", "Belt of Khoma", "Wool scarf"
REMARK = "Say how long one takes."


@pytest.fixture
def office(visitors):
    """A moderator's window on the admin."""
    page = visitors(viewport=DESK)
    coop.open_office(page, PersonFactory(moderator=True, email="office@example.org").email)
    return page


def begin_programme():
    """What the programme has set up before anybody applies."""
    countries()
    open_shop()
    create_requirements()
    CategoryFactory(name="Textiles", slug="textiles")
    gewog("BT-44", "Lhuentse", "BT-44-KHOMA", name="Khoma")
    gewog("BT-13", "Haa", "BT-13-KATSHO", name="Katsho")


def join_the_programme(chair, visitors, office):
    """A new group applies with nothing but a phone number; an officer checks its papers, the office approves."""
    chair.open("/sell/")
    chair.follow("Begin your application")
    coop.join_by_code(chair, CHAIR, name="Sangay Dema")
    coop.begin_application(chair, name=GROUP, place="Khoma")
    coop.fill_in_application(chair)
    officer = visitors(viewport=DESK)
    coop.open_office(officer, PersonFactory(officer=True, email="officer@example.org").email)
    coop.confirm_papers(officer, GROUP)
    coop.decide(office, "partner/partner", GROUP, "Approve")
    return Partner.objects.get()


def bring_on_sale(chair, office):
    """A listing with two photos comes back with a remark, is put right, and is approved."""
    chair.follow("Listings")
    coop.list_goods(chair, title=BELT)
    coop.decide(office, "catalogue/product", BELT, "Ask for changes", remark=REMARK)
    coop.correct_listing(chair, remark=REMARK, words="Three weeks at the loom.")
    coop.decide(office, "catalogue/product", BELT, "Approve")


def write_photos(listing, shop):
    """Files for the photos that a listing of the tests has."""
    for photo in listing.images.all():
        write_files(photo, shop.folder / "media")


def another_listing(group, shop):
    """A second kind of goods of the group, on sale."""
    listing = ListingFactory(
        title=SCARF, vendor=group, region=group.home_region, stock__price=Decimal("300.00")
    )
    write_photos(listing, shop)


def send_what_there_is(packer, shop):
    """The packer says yes, is one belt short, prints the slip, and hands the rest to the bus."""
    coop.accept_order(packer)
    coop.send_less(packer, title=BELT, units=1)
    assert re.findall(
        r"(\d) \N{MULTIPLICATION SIGN}", packer.page.get_by_role("region", name="To pack").inner_text()
    ) == ["1", "1"]
    part = VendorOrder.objects.get()
    slip = coop.packing_slip(packer, "English")
    assert part.number in slip
    assert "Not supplied: 1 x Belt of Khoma" in slip
    coop.ship_by_bus(packer)
    sent = Shipment.objects.get()
    assert (sent.vehicle_number, sent.driver_name, sent.driver_phone) == (
        "BP-1-A1234",
        "Karma",
        "+97517654321",
    )
    packer.reads(sent.code)
    return sent


def test_cooperative_goes_from_its_application_to_its_first_return_on_two_phones(shop, visitors, office):
    begin_programme()
    chair, packer, buyer = (Walk(visitors(), shop) for _ in range(3))

    group = join_the_programme(chair, visitors, office)
    assert group.state == Partner.State.APPROVED

    invitation = coop.invite(chair, PACKER, name="Pema", role="packer")
    coop.accept_invitation(packer, PACKER, invitation)
    assert Membership.objects.get(role=Membership.Role.PACKER).user.phone == "+97517610002"

    bring_on_sale(chair, office)
    assert [photo.alt_text for photo in group.listings.get().images.all()] == ["The whole belt", "Its border"]
    another_listing(group, shop)

    order = coop.buy(buyer, place="BT-44-KHOMA", goods={BELT: 2, SCARF: 1})
    assert order.total_incl_tax == Decimal("1640.30")

    sent = send_what_there_is(packer, shop)
    wait_until(lambda: shop.switches.objects("refund"), explain=shop.last_words)
    assert [refund["amount"] for refund in shop.switches.objects("refund")] == [64_015]

    buyer.open(order.get_absolute_url())
    for words in ("On the way", "1 not supplied", "BP-1-A1234", sent.code):
        buyer.reads(words)
    buyer.press("I have it, all is well")
    expect(buyer.page.get_by_text(sent.code)).to_have_count(0)
    coop.ask_for_return(buyer, title=BELT)

    chair.follow("Now")
    chair.follow(re.compile("Answer a buyer's return"))
    chair.reads("The border is torn.")
    case = Return.objects.get()
    assert (case.state, case.reason, case.photos.count()) == (Return.State.ASKED, Return.Reason.DAMAGED, 1)


def in_hindi(words: str) -> str:
    """What a page in Hindi says for these words, English where there is no translation yet."""
    with translation.override("hi"):
        return gettext(words)


def speak_hindi(walk):
    """Change the language of the page that is shown."""
    walk.page.get_by_text("Language: EN", exact=True).click()
    walk.follow(get_language_info("hi")["name_local"])
    assert walk.page.locator("html").get_attribute("lang") == "hi"


def sign_in_by_code(walk, phone):
    walk.open("/account/login/")
    speak_hindi(walk)
    walk.fill({in_hindi("Phone number or e-mail address"): phone})
    walk.press(in_hindi("Send me a code instead"))
    walk.fill({in_hindi("Code"): walk.message(phone, r"(\d{6})")})
    walk.press(in_hindi("Go on"))


def test_desk_works_in_hindi_and_without_javascript(shop, visitors):
    stall = one_stall()
    write_photos(stall.listing, shop)
    order = placed_order((stall.listing, 2))
    releasing.release(order)
    bookkeeper = PersonFactory(phone_only=True, name="Sangay Dema")
    MembershipFactory(vendor=stall.vendor, user=bookkeeper, role=Membership.Role.BOOKKEEPER)
    walk = Walk(visitors(java_script_enabled=False), shop)

    sign_in_by_code(walk, bookkeeper.phone)
    # The clock on the first thing to do.
    walk.reads("3 दिन, 23 घंटे")
    walk.follow(in_hindi("Listings"))
    walk.follow(re.compile(stall.listing.title))
    walk.press(in_hindi("Save the number"))
    coop.accept_order(walk, in_hindi)
    assert VendorOrder.objects.get().number in coop.packing_slip(walk, get_language_info("hi")["name_local"])
    coop.pack_order(walk, in_hindi)
    coop.ship_by_bus(walk, in_hindi)

    assert VendorOrder.objects.get().state == VendorOrder.State.SHIPPED
    assert walk.page.locator("html").get_attribute("lang") == "hi"

"""Moderation by keyboard alone, and two moderators at one thing."""

import re
import time

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from catalogue.models import ListingChange, ListingEvent, Product
from programme.models import Claim
from programme.services.canned_reasons import create_canned_reasons
from tests.factories.catalogue import CategoryFactory, ListingChangeFactory, ListingFactory, PhotoFactory
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from vendors.models import Certificate, Partner, VendorEvent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}
QUEUE = "/admin/programme/claim/"
# Two hundred an hour leave so many seconds for each; reading takes the most of them.
MAY_TAKE_SECONDS = 3600 / 200 / 3


# The crumbs are Django's own.
VIOLATIONS = """async () => (await axe.run({exclude: [[".breadcrumbs"]]}, {resultTypes: ["violations"]})).violations.map(
  (found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html).join(" ")}`)"""


def sign_in(desk, person):
    desk.goto(QUEUE)
    expect(desk.locator("#id_username")).to_be_focused()
    desk.keyboard.type(person.email)
    desk.keyboard.press("Tab")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Moderation")).to_be_visible()


@pytest.fixture
def moderators(visitors):
    """Two of them, each before the queue with a browser of her own."""
    desks = []
    for name in ("Dorji Wangchuk", "Pema Lhamo"):
        person = PersonFactory(moderator=True, name=name)
        desk = visitors(viewport=DESK)
        sign_in(desk, person)
        desks.append(desk)
    return desks


def decided(page, words):
    expect(page.locator(".messagelist")).to_contain_text(words)
    page.wait_for_load_state()


def test_ten_decisions_by_keyboard_alone(shop, moderators, record_property):
    create_canned_reasons()
    category = CategoryFactory()
    group = VendorFactory(applied=True, name="Weavers of Haa")
    listings = [
        ListingFactory(submitted=True, title=f"Red rice {number}", categories=[category])
        for number in range(6)
    ]
    changed = ListingFactory(title="Honey", categories=[category])
    PhotoFactory(product=changed)
    change = ListingChangeFactory(listing=changed, proposed={"title": "Wild honey"})
    papers = [CertificateFactory(submitted=True, number=f"GI-{number}") for number in (1, 2)]
    desk, _other = moderators
    desk.goto(QUEUE)
    press = desk.keyboard.press

    begun = time.monotonic()
    press("n")
    expect(desk.get_by_role("heading", name="Weavers of Haa")).to_be_visible()
    desk.wait_for_load_state()
    press("a")
    decided(desk, "Approve: Weavers of Haa.")
    for number in range(3):
        press("a")
        decided(desk, f"Approve: Red rice {number}.")
    # An answer that needs a note asks for it; ready words are put into it by their number.
    press("c")
    expect(desk.locator("#note")).to_be_focused()
    press("Escape")
    press("1")
    press("c")
    decided(desk, "Ask for changes: Red rice 3.")
    # While something is typed, no key decides.
    press("/")
    desk.keyboard.type("Not of here, sorry.")
    press("Escape")
    press("r")
    decided(desk, "Reject: Red rice 4.")
    press("a")
    decided(desk, "Approve: Red rice 5.")
    press("a")
    decided(desk, "Approve: Honey.")
    press("a")
    decided(desk, "Verify: GI-1.")
    press("1")
    press("r")
    decided(desk, "Refuse: GI-2.")
    seconds = (time.monotonic() - begun) / 10

    record_property("seconds for a decision", round(seconds, 2))
    group.refresh_from_db()
    change.refresh_from_db()
    assert group.state == Partner.State.APPROVED
    states = list(Product.objects.filter(pk__in=[row.pk for row in listings]).order_by("pk"))
    assert [row.state for row in states] == ["live", "live", "live", "returned", "rejected", "live"]
    assert change.state == ListingChange.State.APPROVED
    assert [Certificate.objects.get(pk=row.pk).state for row in papers] == ["verified", "refused"]
    assert "by daylight" in ListingEvent.objects.get(to_state="returned").reason
    assert ListingEvent.objects.get(to_state="rejected").reason == "Not of here, sorry."
    assert VendorEvent.objects.count() == 1
    assert not Claim.objects.exists()
    expect(desk.get_by_text("Nothing waits here.")).to_be_visible()
    assert seconds < MAY_TAKE_SECONDS


def test_of_two_moderators_at_one_thing_one_decides_and_the_other_is_told(shop, moderators):
    listing = ListingFactory(submitted=True, title="Red rice", categories=[CategoryFactory()])
    first, second = moderators
    address = f"{QUEUE}listing/{listing.pk}/"

    first.goto(address)
    second.goto(address)

    expect(second.get_by_text("Dorji Wangchuk is looking at it, until")).to_be_visible()
    expect(second.get_by_role("button", name="Approve")).to_have_count(0)
    expect(first.get_by_role("button", name="Approve")).to_be_visible()

    # The time of the first runs out, the second takes it; the first, whose page still has its buttons, is told.
    Claim.objects.all().delete()
    second.goto(address)
    first.keyboard.press("a")
    expect(first.locator(".messagelist")).to_contain_text("Pema Lhamo is looking at it, until")
    second.keyboard.press("/")
    second.keyboard.type("Sold by another group.")
    second.keyboard.press("Escape")
    second.keyboard.press("r")
    decided(second, "Reject: Red rice.")

    first.goto(address)
    expect(first.get_by_text("This does not wait any more: rejected.")).to_be_visible()
    assert ListingEvent.objects.count() == 1


def test_without_scripts_the_same_is_done_by_tab_and_enter(shop, visitors):
    create_canned_reasons()
    listing = ListingFactory(submitted=True, title="Red rice", categories=[CategoryFactory()])
    desk = visitors(viewport=DESK, java_script_enabled=False)
    sign_in(desk, PersonFactory(moderator=True))

    def use(button):
        for _press in range(60):
            desk.keyboard.press("Tab")
            if button.evaluate("part => part === document.activeElement"):
                desk.keyboard.press("Enter")
                return
        pytest.fail("no way by Tab")

    use(desk.get_by_role("link", name="Begin with the oldest"))
    use(desk.get_by_role("button", name="Photo dark or blurred"))
    expect(desk.locator("#note")).to_have_value(re.compile("by daylight"))
    use(desk.get_by_role("button", name="Ask for changes"))

    decided(desk, "Ask for changes: Red rice.")
    listing.refresh_from_db()
    assert listing.state == "returned"


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_have_no_problem_that_axe_knows(shop, visitors, width):
    create_canned_reasons()
    listing = ListingFactory(submitted=True, title="Red rice", categories=[CategoryFactory()])
    change = ListingChangeFactory(proposed={"title": "Wild honey"})
    desk = visitors(viewport={"width": width, "height": 900}, bypass_csp=True)
    sign_in(desk, PersonFactory(moderator=True))

    found = {}
    for address in (f"{QUEUE}?kind=listing", f"{QUEUE}listing/{listing.pk}/", f"{QUEUE}change/{change.pk}/"):
        desk.goto(address)
        desk.evaluate(AXE_SCRIPT)
        overflow = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[address] = [*desk.evaluate(VIOLATIONS), *([f"{overflow} px"] if overflow > 0 else [])]

    assert {address: problems for address, problems in found.items() if problems} == {}

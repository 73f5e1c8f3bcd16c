"""Suggestions while typing, in the browser: by keys alone, by touch, by mouse, in Hindi, on a slow line, without scripts."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.goods import one_stall
from tests.browser.looking import PHONE, VIOLATIONS
from tests.browser.walking import SIDEWAYS
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}
# The smallest side of something to tap, in pixels.
TARGET = 44
# Whoever asks without a way to stop has the answers of older words too.
NEVER_STOPPED = "const ask = window.fetch; window.fetch = (address) => ask(address);"


@pytest.fixture
def goods(shop):
    """Something of each kind that begins with "zim", all at one place: the listing."""
    place = one_stall().place
    VendorFactory(name="Zimtsa weavers", code="zimtsa-weavers", home_region=place)
    CategoryFactory(name="Zimtsa cloth", slug="zimtsa-cloth")
    return ListingFactory(title="Zimtsa honey", translations={"hi": {"title": "ज़िमत्सा शहद"}}, region=place)


class Box:
    """A field with suggestions, as somebody sees it."""

    def __init__(self, page, name):
        self.page = page
        exact = isinstance(name, str)
        self.field = page.get_by_role("combobox", name=name, exact=exact)
        self.list = page.get_by_role("listbox", name=name, exact=exact)
        self.options = self.list.get_by_role("option")

    def type(self, words):
        self.field.focus()
        self.page.keyboard.type(words)

    def opens(self, count):
        expect(self.options).to_have_count(count)
        expect(self.list).to_be_visible()
        expect(self.field).to_have_attribute("aria-expanded", "true")

    def is_closed(self):
        expect(self.list).to_be_hidden()
        expect(self.field).to_have_attribute("aria-expanded", "false")
        expect(self.field).not_to_have_attribute("aria-activedescendant", re.compile(".*"))

    def has_active(self, number):
        """Whether this option and no other is the active one; None: none is."""
        chosen = self.list.locator("[aria-selected=true]")
        if number is None:
            expect(chosen).to_have_count(0)
            expect(self.field).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
            return
        expect(chosen).to_have_count(1)
        expect(self.options.nth(number)).to_have_attribute("aria-selected", "true")
        expect(self.field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
        expect(self.field).to_be_focused()


def search_box(page, address="/"):
    page.goto(address)
    return Box(page, re.compile("^(Place, product or group|स्थान, उत्पाद या समूह)$"))


def test_keys_walk_the_list_and_open_what_is_active(goods, guest):
    box = search_box(guest)
    box.type("zimtsa")
    box.opens(3)
    box.has_active(None)
    assert guest.get_by_role("group").all_inner_texts() != []
    expect(guest.get_by_role("status")).to_have_text("3 suggestions")

    for key, active in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", 2),
        ("ArrowDown", 0),
        ("Home", None),
        ("ArrowUp", 2),
        ("End", None),
        ("ArrowDown", 0),
    ):
        guest.keyboard.press(key)
        box.has_active(active)
    guest.keyboard.press("Enter")

    guest.wait_for_url(f"**{goods.get_absolute_url()}")


def test_home_and_end_move_in_the_words(goods, guest):
    box = search_box(guest)
    box.type("imtsa")

    guest.keyboard.press("Home")
    guest.keyboard.type("Z")
    box.opens(3)
    guest.keyboard.press("End")
    guest.keyboard.type(" honey")

    expect(box.field).to_have_value("Zimtsa honey")
    box.opens(1)


def test_enter_without_an_active_one_searches(goods, guest):
    box = search_box(guest)
    box.type("zimtsa")
    box.opens(3)

    guest.keyboard.press("Enter")

    guest.wait_for_url("**/products/?q=zimtsa")
    expect(Box(guest, "Place, product or group").field).to_have_value("zimtsa")


def test_escape_closes_and_keeps_the_words_and_arrows_open_again(goods, guest):
    box = search_box(guest)
    box.type("zimtsa")
    box.opens(3)
    guest.keyboard.press("ArrowDown")

    guest.keyboard.press("Escape")
    box.is_closed()
    expect(box.field).to_have_value("zimtsa")
    expect(box.field).to_be_focused()

    guest.keyboard.press("Alt+ArrowDown")
    box.opens(3)
    box.has_active(None)
    guest.keyboard.press("Alt+ArrowUp")
    box.is_closed()
    guest.keyboard.press("ArrowDown")
    box.has_active(0)


def test_tab_leaves_and_closes(goods, guest):
    box = search_box(guest)
    box.type("zimtsa")
    box.opens(3)
    guest.keyboard.press("ArrowDown")

    guest.keyboard.press("Tab")

    box.is_closed()
    expect(guest.get_by_role("button", name="Search")).to_be_focused()
    assert guest.url.endswith("/")


def test_mouse_opens_what_it_presses_and_closes_by_a_press_elsewhere(goods, visitors):
    page = visitors(viewport=DESK)
    box = search_box(page)
    box.type("zimtsa")
    box.opens(3)
    page.mouse.click(10, 600)
    box.is_closed()

    box.field.press("ArrowDown")
    box.options.nth(1).click()

    page.wait_for_url("**/category/zimtsa-cloth/")
    page.go_back()
    box.is_closed()


def test_finger_opens_what_it_touches(goods, visitors):
    page = visitors(has_touch=True, is_mobile=True)
    box = search_box(page)
    box.field.tap()
    page.keyboard.type("zimtsa")
    box.opens(3)

    box.options.nth(2).tap()

    page.wait_for_url("**/groups/zimtsa-weavers/")


def test_hindi_words_find_by_keys_alone(goods, guest):
    box = search_box(guest, "/hi/")
    box.field.focus()
    guest.keyboard.insert_text("शहद")

    box.opens(1)
    expect(box.options.first).to_contain_text("ज़िमत्सा शहद")
    expect(guest.get_by_role("status")).to_have_text(re.compile("^1 "))
    guest.keyboard.press("ArrowDown")
    guest.keyboard.press("Enter")

    guest.wait_for_url(f"**/hi{goods.get_absolute_url()}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_list_shuts_nobody_out(goods, visitors, scheme):
    RegionFactory(name="Zimithang", local_name="ཟིམ་ཐང", local_language="dz")
    page = visitors(color_scheme=scheme)
    box = search_box(page)
    box.type("zim")
    expect(box.options.nth(3)).to_be_visible()
    page.keyboard.press("ArrowDown")
    box.has_active(0)

    page.evaluate(AXE_SCRIPT)

    assert page.evaluate(VIOLATIONS, {}) == []
    assert page.evaluate(SIDEWAYS) == 0
    assert all(option.bounding_box()["height"] >= TARGET for option in box.options.all())


@pytest.mark.parametrize("can_stop", [True, False], ids=["asks no more", "late answers come"])
def test_answers_of_older_words_are_dropped(goods, guest, can_stop):
    held = []
    guest.route("**/suggestions/?q=zim", lambda route: held.append(route))
    if not can_stop:
        guest.add_init_script(NEVER_STOPPED)
    box = search_box(guest)
    with guest.expect_request("**/suggestions/?q=zim"):
        box.type("zim")
    guest.keyboard.type("tsa")
    box.opens(3)

    late = '<a role="option" href="/">Late</a>'
    if can_stop:
        held[0].abort()
    else:
        with guest.expect_response("**/suggestions/?q=zim"):
            held[0].fulfill(body=late, content_type="text/html")
    guest.wait_for_timeout(100)

    box.opens(3)
    expect(box.list).not_to_contain_text("Late")


def test_list_stays_until_the_next_answer_is_there(goods, guest):
    held = []
    guest.route("**/suggestions/?q=zimtsa%20h", lambda route: held.append(route))
    box = search_box(guest)
    box.type("zimtsa")
    box.opens(3)

    with guest.expect_request("**/suggestions/?q=zimtsa%20h"):
        guest.keyboard.type(" h")
    box.opens(3)
    held[0].continue_()

    box.opens(1)


def test_line_that_breaks_leaves_a_field_that_searches(goods, guest):
    guest.route("**/suggestions/**", lambda route: route.abort())
    box = search_box(guest)
    with guest.expect_request("**/suggestions/**"):
        box.type("zimtsa")

    box.is_closed()
    guest.keyboard.press("Enter")

    guest.wait_for_url("**/products/?q=zimtsa")


def test_place_is_chosen_by_keys_and_sent_as_its_code(goods, visitors):
    place = goods.region
    RegionFactory(name=place.name, code="BT-99-SAME")
    page = visitors(viewport=DESK)
    page.goto("/products/")
    box = Box(page, "Place")
    box.type(place.name.lower())
    box.opens(2)
    expect(box.options.first).to_contain_text(place.parent.name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(box.field).to_have_value(place.name)
    box.is_closed()
    assert page.url.endswith("/products/")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"[?&]place={place.code}(&|$)"))
    box = Box(page, "Place")
    expect(box.field).to_have_value(place.name)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"All products from {place.name}")


def test_changed_words_are_sent_in_place_of_the_chosen_place(goods, visitors):
    page = visitors(viewport=DESK)
    page.goto(f"/products/?place={goods.region.code}")
    box = Box(page, "Place")
    expect(box.field).to_have_value(goods.region.name)

    box.field.fill("Nowhere")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"[?&]place=Nowhere(&|$)"))
    expect(page.get_by_role("link", name="We do not know a place called “Nowhere”.")).to_be_visible()
    expect(box.field).to_have_value("Nowhere")


def test_place_is_chosen_by_touch_on_a_phone(goods, visitors):
    page = visitors(has_touch=True, is_mobile=True)
    page.goto("/products/#filters")
    box = Box(page, "Place")
    box.field.tap()
    page.keyboard.type(goods.region.name)
    box.opens(1)
    assert box.options.first.bounding_box()["height"] >= TARGET
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(VIOLATIONS, {}) == []
    assert page.evaluate(SIDEWAYS) == 0
    box.options.first.tap()
    expect(box.field).to_have_value(goods.region.name)

    page.locator("#filters button[type=submit]").tap()

    page.wait_for_url(re.compile(rf"[?&]place={goods.region.code}(&|$)"))


def test_both_fields_work_without_scripts(goods, visitors):
    page = visitors(java_script_enabled=False, viewport=PHONE)
    page.goto("/")
    page.get_by_label("Place, product or group").fill("zimtsa")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Zimtsa honey").first).to_be_visible()

    page.goto("/products/#filters")
    page.get_by_label("Place", exact=True).fill(goods.region.name)
    page.locator("#filters button[type=submit]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"All products from {goods.region.name}")

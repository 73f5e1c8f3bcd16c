"""Steps of a co-operative, from its application to the first goods that come back, by the words on its screen."""

import re
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from catalogue.models import ProductImage
from orders.models import Order
from tests.browser import steps
from tests.browser.walking import Walk
from tests.factories.people import PASSWORD
from tests.support.services import wait_until
from vendors.models import GroupPhoto

Translate = Callable[[str], str]


def photo(name: str, colour: str = "firebrick") -> FilePayload:
    """What the camera of a phone sends."""
    picture = Image.new("RGB", (1200, 900), "linen")
    ImageDraw.Draw(picture).rounded_rectangle((250, 150, 950, 750), 60, fill=colour)
    out = BytesIO()
    picture.save(out, "JPEG")
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def wait_for_renditions(walk: Walk) -> None:
    """Wait until the worker has made every photo small."""
    waiting = (model.objects.filter(has_renditions=False) for model in (ProductImage, GroupPhoto))
    wait_until(lambda: not any(rows.exists() for rows in waiting), explain=walk.shop.last_words)


def join_by_code(walk: Walk, phone: str, *, name: str) -> None:
    """On the page that asks to sign in: make an account with a phone number and nothing else."""
    walk.follow("Make one")
    walk.fill({"Phone number or e-mail address": phone})
    walk.press("Send me a code")
    walk.fill({"Code": walk.message(_international(phone), r"(\d{6})")})
    walk.press("Go on")
    walk.fill({"Name": name})
    walk.press("Make the account")


def begin_application(walk: Walk, *, name: str, place: str) -> None:
    """Write the group's name, and find its place by a part of the place's name."""
    walk.fill({"Name of the group": name})
    walk.page.get_by_label("What kind of group is it?").select_option("cooperative")
    walk.page.get_by_label("Write its name").fill(place[:4].lower())
    walk.page.get_by_role("radio", name=re.compile(place)).check()
    walk.press("Begin")
    walk.reads("Still missing")


def fill_in_application(walk: Walk) -> None:
    """Follow the list of what is missing until nothing is, and hand it in."""
    walk.follow("At least 3 members")
    walk.fill({"How many members?": "24", "Registration number": "CA-2015-114"})
    walk.fill({"Postal address": "Khoma, below the school"})
    walk.press("Save")
    walk.follow("One line about your group")
    walk.fill({"Your group in one line": "Twenty-four women weave."})
    walk.fill({"Your story": "It began in 2015 with eight looms in one house. " * 3})
    walk.press("Save")
    walk.follow("1 photo of your group")
    walk.page.get_by_label("Take or choose photos").set_input_files(photo("group"))
    walk.press("Save")
    wait_for_renditions(walk)
    walk.follow("Application")
    _give_papers(walk)
    _name_account(walk)
    for _ in range(2):
        walk.press("Yes, it is so")
        walk.is_told("Noted.")
    walk.reads("Nothing is missing.")
    walk.press("Hand in the application")
    walk.is_told("Handed in. The office looks at it and tells you.")


def _give_papers(walk: Walk) -> None:
    walk.follow("Identity card of the chair")
    for kind in ("identity", "registration"):
        walk.page.get_by_label("Which paper is it?").select_option(kind)
        walk.page.get_by_label("Photo of each page").set_input_files(photo(kind))
        walk.press("Give it to the office")
    walk.follow("Application")


def _name_account(walk: Walk) -> None:
    walk.follow(re.compile("Where your group is paid"))
    walk.fill({"Name of the account's holder": "Khoma weavers", "Bank": "Bank of Bhutan"})
    walk.fill({"Code of the bank": "BHUBBTBT"})
    walk.fill({"Account number": "0012345678", "Account number once more": "0012345678"})
    walk.press("Pay us to this account")


def open_office(page: Page, email: str) -> None:
    """Sign in to the admin with the password of the tests."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def confirm_papers(page: Page, group: str) -> None:
    """As an officer: say of each paper of a group that it was looked at."""
    page.goto("/admin/partner/partner/")
    page.get_by_role("link", name=group).first.click()
    for _ in range(2):
        page.get_by_role("button", name="I have looked at it, it is right").first.click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()


def decide(page: Page, model: str, name: str, decision: str, *, remark: str = "") -> None:
    """As a moderator: open the first of that name in a queue, and press a decision. model: such as "catalogue/product"."""
    page.goto(f"/admin/{model}/")
    page.get_by_role("link", name=name).first.click()
    page.get_by_label("Reason or remarks, for the group").fill(remark)
    page.get_by_role("button", name=decision, exact=True).click()
    expect(page.get_by_text(f"{decision}: 1 done.")).to_be_visible()


def invite(walk: Walk, phone: str, *, name: str, role: str) -> str:
    """As the chair: ask somebody in by phone number; the address in the SMS."""
    walk.follow("Group")
    walk.follow(re.compile("^Members"))
    walk.fill({"Name": name, "Phone number or e-mail address": phone})
    walk.page.get_by_label("Role").select_option(role)
    walk.press("Send the invitation")
    return walk.message(_international(phone), r"(https?://\S+/invited/\S+)")


def accept_invitation(walk: Walk, phone: str, address: str) -> None:
    """As whoever was invited: open the link of the SMS and type the code of the next one."""
    walk.open(address)
    walk.press("Send me the code")
    walk.fill({"Code": walk.message(_international(phone), r"\b(\d{6})\b is your code")})
    walk.press("Go on")
    walk.is_told("Welcome. You work for")


def list_goods(walk: Walk, *, title: str) -> None:
    """Two photos first, then the words, and to the office."""
    walk.follow("New listing")
    walk.page.get_by_label("Take or choose", exact=True).set_input_files(
        [photo("whole", "#8a2e3b"), photo("near", "#2e4a8a")]
    )
    walk.press("Save")
    wait_for_renditions(walk)
    walk.fill({"What does photo 1 show?": "The whole belt", "What does photo 2 show?": "Its border"})
    walk.fill({"What is it?": title, "How many have you got?": "5", "How much is in one?": "1"})
    walk.page.get_by_label("Price").filter(visible=True).fill("640.15")
    walk.field("Unit").select_option("piece")
    walk.field("Kind of goods").select_option(index=1)
    walk.press("Send to the office")


def correct_listing(walk: Walk, *, remark: str, words: str) -> None:
    """Read what the office writes, from the list of things to do, and do it."""
    walk.follow("Now")
    walk.follow(re.compile(re.escape(remark)))
    walk.reads("The office writes:")
    walk.reads(remark)
    walk.fill({"Who made it, and how long did it take?": words})
    walk.press("Send to the office")


def buy(walk: Walk, *, place: str, goods: dict[str, int]) -> Order:
    """Buy as a guest from the page of a place, and pay. goods: title -> units."""
    for title, units in goods.items():
        walk.open(f"/places/{place}/")
        walk.follow(re.compile(title))
        walk.fill({"How many": str(units)})
        walk.press("Add to basket", within=walk.page.locator(".buyline"))
    steps.write_address(walk.page, phone="17 12 34 56")
    walk.look()
    walk.page.get_by_role("radio").first.check()
    walk.press("Go on and check")
    steps.order_button(walk.page).click()
    steps.pay(walk.page)
    walk.reads("Paid. Thank you.")
    walk.look()
    return Order.objects.get()


def accept_order(walk: Walk, in_own_words: Translate = str) -> None:
    """Say yes to the order that waits. in_own_words: translates what the screen says."""
    walk.follow(in_own_words("Now"))
    walk.follow(re.compile(re.escape(in_own_words("Say yes to an order"))))
    walk.press(in_own_words("Yes, accept the order"))
    walk.is_told(in_own_words("Accepted. Pack it now, then hand it over."))


def pack_order(walk: Walk, in_own_words: Translate = str) -> None:
    """Put all that is left into one package."""
    walk.press(in_own_words("Packed, all in one package"))
    walk.is_told(in_own_words("Packed."))


def ship_by_bus(walk: Walk, in_own_words: Translate = str) -> None:
    """Hand everything to the driver of a bus."""
    way = re.compile(f"^{re.escape(in_own_words('bus or taxi'))}$", re.IGNORECASE)
    walk.page.get_by_role("radio", name=way).check()
    driver = {
        "Number of the bus or taxi": "BP-1-A1234",
        "Driver": "Karma",
        "Driver's phone number": "17 65 43 21",
    }
    walk.fill({in_own_words(label): words for label, words in driver.items()})
    walk.press(in_own_words("Handed over, tell the buyer"))
    walk.is_told(in_own_words("Handed over. The buyer is told."))


def send_less(walk: Walk, *, title: str, units: int) -> None:
    """Say that of one line only so many units can be sent."""
    walk.follow("Something is missing")
    walk.fill({title: str(units)})
    walk.page.get_by_role("radio", name="It was damaged.").check()
    walk.press("Send only this much")
    walk.is_told("The buyer is told, and the money for what is missing goes back.")


def packing_slip(walk: Walk, language: str) -> str:
    """The words of the packing slip in a language, whose name is written in it."""
    # Asked for beside the window, as the browser shows a PDF in a viewer of its own.
    link = walk.page.get_by_role("link", name=re.compile(f": {language}$")).first
    answer = walk.page.request.get(f"{walk.shop.url}{link.get_attribute('href')}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)


def ask_for_return(walk: Walk, *, title: str) -> None:
    """As the buyer who has the goods: one unit comes back, with a photo."""
    walk.follow("Something is wrong with it")
    walk.page.get_by_label(title).select_option("1")
    walk.page.get_by_label("What is wrong?").select_option("damaged")
    walk.fill({"In your own words": "The border is torn."})
    walk.page.get_by_label("Photos").set_input_files(photo("torn", "#444"))
    walk.press("Ask the group")
    walk.is_told("Thank you.")


def _international(phone: str) -> str:
    return "+975" + phone.replace(" ", "")

"""A group applies from a phone, step by step, and is approved."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.goods import countries, gewog
from tests.factories.people import PASSWORD, PersonFactory
from vendors.models import Partner
from vendors.services.requirements import create_requirements

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}


def picture():
    """What the camera of a phone sends."""
    out = BytesIO()
    Image.new("RGB", (1200, 900), "firebrick").save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def save(page: Page):
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def fill_in(page: Page):
    """Every page of the application, found from its list of what is missing."""
    page.get_by_role("link", name="At least 3 members").click()
    page.get_by_label("How many members?").fill("24")
    page.get_by_label("Postal address").fill("Khoma, below the school")
    save(page)
    page.get_by_role("link", name="One line about your group").click()
    page.get_by_label("Your group in one line", exact=True).fill("Twenty-four women weave.")
    page.get_by_label("Your story", exact=True).fill("It began in 2015 with eight looms in one house. " * 3)
    save(page)
    page.get_by_role("link", name="1 photo of your group").click()
    page.get_by_label("Take or choose photos").set_input_files(picture())
    save(page)
    page.goto("/dashboard/our-group/application/")
    page.get_by_role("link", name=re.compile("Where your group is paid")).click()
    for label, words in (
        ("Name of the account's holder", "Khoma weavers"),
        ("Bank", "Bank of Bhutan"),
        ("Code of the bank", "BHUBBTBT"),
        ("Account number", "0012345678"),
        ("Account number once more", "0012345678"),
    ):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Pay us to this account").click()
    page.get_by_role("link", name="Identity card of the chair").click()
    page.get_by_label("Photo of each page").set_input_files(picture())
    page.get_by_role("button", name="Give it to the office").click()
    page.goto("/dashboard/our-group/application/")
    for _ in range(2):
        page.get_by_role("button", name="Yes, it is so").first.click()
        expect(page.get_by_text("Noted.").first).to_be_visible()


def test_group_applies_from_a_phone_and_is_approved(shop, guest, visitors):
    countries()
    create_requirements()
    gewog("BT-44", "Lhuentse", "BT-44-KHOMA", name="Khoma")
    weaver = PersonFactory(phone_only=True, name="Sangay Dema")
    moderator = PersonFactory(moderator=True, email="moderator@example.org")

    guest.goto("/sell/")
    guest.get_by_role("link", name="Begin your application").click()
    steps.sign_in(guest, weaver.phone)
    guest.get_by_label("Name of the group").fill("Khoma weavers")
    # The script has come when its places need no button.
    expect(guest.locator("[data-live-button]")).to_be_hidden()
    guest.get_by_label("Write its name").fill("khom")
    guest.locator("label.choice", has_text="Khoma").first.click()
    guest.get_by_role("button", name="Begin", exact=True).last.click()
    expect(guest.get_by_text("Still missing")).to_be_visible()
    fill_in(guest)
    expect(guest.get_by_text("Nothing is missing.")).to_be_visible()
    guest.get_by_role("button", name="Hand in the application").click()
    expect(guest.get_by_text("Handed in. The office looks at it and tells you.")).to_be_visible()

    desk = visitors(viewport=DESK)
    desk.goto("/admin/")
    desk.locator("#id_username").fill(moderator.email)
    desk.locator("#id_password").fill(PASSWORD)
    desk.get_by_role("button", name="Log in").click()
    desk.goto("/admin/partner/partner/")
    desk.get_by_role("link", name="Khoma weavers").first.click()
    desk.get_by_role("button", name="I have looked at it, it is right").click()
    desk.get_by_role("button", name="Approve", exact=True).click()
    expect(desk.get_by_text("Approve: 1 done.")).to_be_visible()

    page = guest.goto("/groups/khoma-weavers/")
    assert page.status == 200
    expect(guest.get_by_text("Twenty-four women weave.")).to_be_visible()
    assert Partner.objects.get().state == Partner.State.APPROVED

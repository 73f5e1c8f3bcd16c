"""What has not been approved can be neither seen nor bought; a moderator decides in the admin."""

import pytest
from playwright.sync_api import expect

from catalogue.models import Product
from orders.basket.models import Line
from orders.models import Order
from tests.browser import steps
from tests.browser.goods import waiting_stall
from tests.factories.people import PASSWORD, PersonFactory
from vendors.models import Partner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}


def post_into_basket(page, listing):
    """Send the form that a page of this listing would have; the answer's page."""
    page.goto("/account/login/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token, "product": str(listing.pk), "quantity": "1"}
    return page.request.post("/basket/add/", form=form, headers={"Referer": page.url})


def approve_first_in_queue(page, model, name):
    page.goto(f"/admin/{model}/")
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approve: 1 done.")).to_be_visible()


def test_listing_can_be_bought_once_group_and_listing_are_approved_and_not_before(shop, guest, visitors):
    stall = waiting_stall()
    moderator = PersonFactory(moderator=True, email="moderator@example.org")
    desk = visitors(viewport=DESK)
    desk.goto("/admin/")
    desk.locator("#id_username").fill(moderator.email)
    desk.locator("#id_password").fill(PASSWORD)
    desk.get_by_role("button", name="Log in").click()

    refused_at_first = post_into_basket(guest, stall.listing)
    approve_first_in_queue(desk, "partner/partner", stall.vendor.name)
    refused_still = post_into_basket(guest, stall.listing)
    hidden = guest.request.get(stall.listing.get_absolute_url()).status

    assert "This is not for sale" in refused_at_first.text()
    assert "This is not for sale" in refused_still.text()
    assert hidden == 404
    assert Line.objects.count() == 0

    approve_first_in_queue(desk, "catalogue/product", stall.listing.title)
    order = steps.buy(guest, [stall])
    steps.pay(guest)
    expect(guest.get_by_text("Paid. Thank you.")).to_be_visible()

    assert Partner.objects.get().state == Partner.State.APPROVED
    assert Product.objects.get().state == Product.State.LIVE
    assert [event.actor for event in stall.vendor.events.all()] == [moderator]
    assert Order.objects.get(pk=order.pk).total_incl_tax == stall.total

"""Reporting that something in the shop is wrong."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from orders.models import Review
from orders.services.reviews import mend_ratings
from people.services import limits
from programme.models import MisuseCase, MisuseReport
from tests.factories.catalogue import ListingFactory
from tests.factories.reviews import ReviewFactory
from tests.factories.vendors import VendorFactory
from tests.orders.returned import delivered_part

pytestmark = pytest.mark.django_db


def sent(client, listing, *, query="", **changes):
    form = {"reason": "copied", "words": "That photo is mine", "contact": "", **changes}
    return client.post(reverse("report-listing", args=[listing.pk]) + query, form)


def linked(html, address):
    """The link of a page that leads there, with its query."""
    return unescape(re.search(rf'href="({re.escape(address)}[^"]*)"', html)[1])


def test_a_visitor_reports_a_listing_from_its_page_and_twice_is_once(client):
    listing = ListingFactory()
    address = reverse("report-listing", args=[listing.pk])
    assert address in client.get(listing.get_absolute_url()).content.decode()
    client.get(address)

    answers = [sent(client, listing, contact="17 12 34 56"), sent(client, listing)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == listing.get_absolute_url()
    row = MisuseReport.objects.get()
    assert (row.reason, row.words, row.contact) == ("copied", "That photo is mine", "+97517123456")


def test_the_page_of_a_group_is_reported_too(client):
    group = VendorFactory()
    address = reverse("report-group", args=[group.code])
    assert address in client.get(group.get_absolute_url()).content.decode()

    client.post(address, {"reason": "insulting"})

    assert MisuseCase.objects.get().thing == group.name


def test_what_a_buyer_says_is_reported_while_it_is_shown(client):
    line = delivered_part()[0].lines.get()
    review = ReviewFactory(line=line, words="An <i>insult</i>")
    mend_ratings()
    address = reverse("report-review", args=[review.pk])
    shown = client.get(review.get_absolute_url()).content.decode()
    form = client.get(address).content.decode()

    sent = client.post(address, {"reason": "insulting"})
    Review.objects.update(state=Review.State.WAITING)

    assert address in shown
    assert "An &lt;i&gt;insult&lt;/i&gt;" in form
    assert sent.url == review.get_absolute_url()
    assert MisuseCase.objects.get().review == review
    assert client.post(address, {"reason": "insulting"}).status_code == 404


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client):
    listing = ListingFactory()
    form = reverse("report-listing", args=[listing.pk])

    answer = sent(client, listing, reason="other", words="", contact="nobody")
    page = client.get(form).text
    other = sent(client, listing, reason="other", words="\u200b \u2800", contact="17123456")

    assert (answer.status_code, answer.url) == (302, form)
    assert "This is neither a phone number nor an e-mail address." in page
    assert 'value="nobody"' in page
    assert "Say in a few words what is wrong." in page
    assert "Say in a few words what is wrong." in client.get(other.url).text
    assert 'value="17123456"' in client.get(form).text
    assert not MisuseCase.objects.exists()


def test_what_was_typed_about_one_thing_is_not_shown_for_another_nor_after_sending(client):
    first, second = ListingFactory(), ListingFactory()
    sent(client, first, reason="", words="Seen at my aunt's")

    assert "my aunt" not in client.get(reverse("report-listing", args=[second.pk])).text
    assert "my aunt" in client.get(reverse("report-listing", args=[first.pk])).text
    sent(client, first)
    MisuseCase.objects.update(state="unfounded", decided_at=timezone.now())

    assert "my aunt" not in client.get(reverse("report-listing", args=[first.pk])).text


def test_a_report_leads_back_to_the_page_and_its_place_where_the_visitor_was(client):
    line = delivered_part()[0].lines.get()
    review = ReviewFactory(line=line)
    mend_ratings()
    page = f"/hi{review.listing.get_absolute_url()}?reviews=1"
    forms = [
        f"/hi{reverse('report-review', args=[review.pk])}",
        f"/hi{reverse('report-listing', args=[review.listing.pk])}",
    ]
    html = client.get(page).text
    links = [linked(html, form) for form in forms]

    answers = [client.post(link, {"reason": "insulting"}) for link in links]

    assert [answer.url for answer in answers] == [f"{page}#review-{review.pk}", page]
    assert 'href="' + page + '"' in client.get(links[1]).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_report_leads_to_no_foreign_page(client, elsewhere):
    listing = ListingFactory()

    answer = sent(client, listing, query="?" + urlencode({"next": elsewhere}))

    assert answer.url == listing.get_absolute_url()


def test_whoever_has_reported_a_thing_is_thanked_and_not_asked_again(client):
    listing, other = ListingFactory(), ListingFactory()
    form = reverse("report-listing", args=[listing.pk])
    client.get(form)
    sent(client, listing)

    page = client.get(form).text

    assert "You have told us what is wrong with" in page
    assert 'name="reason"' not in page
    assert f'href="{listing.get_absolute_url()}"' in page
    for asked, visitor in ((other, client), (listing, Client())):
        assert 'name="reason"' in visitor.get(reverse("report-listing", args=[asked.pk])).text
    MisuseCase.objects.update(state="unfounded", decided_at=timezone.now())
    assert 'name="reason"' in client.get(form).text


@pytest.mark.isolation
def test_what_is_not_in_the_shop_is_not_found(client):
    draft, group = ListingFactory(draft=True), VendorFactory(applied=True)
    size = ListingFactory(vendor=VendorFactory(suspended=True))

    statuses = [
        sent(client, draft).status_code,
        sent(client, size).status_code,
        client.post(reverse("report-group", args=[group.code]), {"reason": "copied"}).status_code,
    ]

    assert statuses == [404, 404, 404]
    assert not MisuseCase.objects.exists()


def test_too_many_reports_are_refused_with_what_was_typed(client, monkeypatch):
    monkeypatch.setattr(
        "storefront.views.reports.REPORT_BY_VISITOR", limits.Limit("test", 1, limits.timedelta(1))
    )
    client.get(reverse("report-listing", args=[ListingFactory().pk]))
    sent(client, ListingFactory())

    answer = sent(client, ListingFactory(), words="Mine as well")

    assert answer.status_code == 429
    assert "Mine as well" in answer.content.decode()
    assert MisuseReport.objects.count() == 1
    assert Product.objects.filter(state="live").count() == 3


def test_machines_that_only_look_leave_no_session_behind(client):
    client.get(reverse("report-listing", args=[ListingFactory().pk]))

    assert not Session.objects.exists()

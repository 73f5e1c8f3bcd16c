"""The pages on which one asks to be told of stock, says yes to it, and takes it back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product, StockRequest
from catalogue.services import stock_requests
from catalogue.services.stock_telling import tell_of_stock
from notices.models import Notice
from people.services import limits
from privacy.services.closing import close
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return ListingFactory(title="Red rice", sold_out=True, price_from=Decimal("250.00"), price_currency="INR")


def page_of(listing):
    return f"/products/{listing.pk}/back-in-stock/"


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def waits():
    return list(StockRequest.objects.order_by("pk").values_list("person", "email", "product"))


def test_a_sold_out_listing_leads_to_the_page_and_one_in_stock_does_not(client, rice):
    there = ListingFactory()

    assert page_of(rice) in client.get(rice.get_absolute_url()).content.decode()
    assert page_of(there) not in client.get(there.get_absolute_url()).content.decode()
    assert client.get(page_of(there))["Location"] == there.get_absolute_url()
    assert client.get(page_of(ListingFactory(withdrawn=True))).status_code == 404


def test_somebody_signed_in_presses_once_or_twice_and_waits_once(client, rice):
    person = PersonFactory()
    client.force_login(person)
    assert "contact" not in client.get(page_of(rice)).context["form"].fields

    for _ in range(2):
        answer = client.post(page_of(rice), {"product": rice.pk}, follow=True)

    assert said(answer) == ["We tell you once, as soon as it is there again."]
    assert waits() == [(person.pk, "", rice.pk)]


def test_of_several_sizes_the_sold_out_ones_can_be_chosen(client):
    listing = ListingFactory(title="Red rice", stock=None)
    gone, other = (SizeFactory(parent=listing, sold_out=True, size_label=words) for words in ("1 kg", "2 kg"))
    there = SizeFactory(parent=listing, size_label="500 g")
    client.force_login(PersonFactory())
    form = client.get(page_of(listing)).context["form"]

    none = client.post(page_of(listing), {})
    wrong = client.post(page_of(listing), {"product": there.pk})
    client.post(page_of(listing), {"product": other.pk})

    assert sorted(words for _pk, words in form.fields["product"].choices) == ["1 kg", "2 kg"]
    assert none.context["form"].errors["product"] == ["Choose a size."]
    assert "product" in wrong.context["form"].errors
    assert [product for _person, _email, product in waits()] == [other.pk]
    assert gone.pk != other.pk


def test_a_guest_is_written_to_and_waits_after_the_yes(client, rice):
    answer = client.post(page_of(rice), {"product": rice.pk, "contact": "Dema@Example.org"}, follow=True)

    assert said(answer) == [
        "Look into your messages: press the link in ours to dema@example.org, then we tell you."
    ]
    assert waits() == [(None, "dema@example.org", rice.pk)]
    link = Notice.objects.get(kind="stock_asked").context["link"].removeprefix("http://testserver")
    link = "/" + link.split("//", 1)[-1].split("/", 1)[-1]
    client.get(link)
    assert StockRequest.objects.waiting().count() == 0

    for _ in range(2):
        assert client.post(link, {"do": "confirm"}).status_code == 302

    assert StockRequest.objects.waiting().count() == 1
    assert "You are told once" in client.get(link).content.decode()


def test_a_guest_says_no_by_the_same_link_and_is_forgotten_and_twice_is_harmless(client, rice):
    client.post(page_of(rice), {"product": rice.pk, "contact": "dema@example.org"})
    link = f"/back-in-stock/{StockRequest.objects.get().token}/"

    for _ in range(2):
        answer = client.post(link, {"do": "cancel"}, follow=True)
        assert said(answer)[-1:] == ["You are not told, and we keep your contact no more."]

    assert waits() == []
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("email", ["", "dema", "dema@", "dema17123456example.org", "देमा१७१२३४५६"])
def test_an_address_that_is_none_is_said_and_kept_as_typed(client, rice, email):
    answer = client.post(page_of(rice), {"product": rice.pk, "contact": email})

    assert answer.status_code == 200
    assert "contact" in answer.context["form"].errors
    assert answer.context["form"]["contact"].value() == email
    assert waits() == []


def test_the_answer_is_the_same_whether_an_address_is_known_or_waits(client, rice):
    PersonFactory(email="known@example.org")
    stock_requests.ask_as_guest("waits@example.org", rice.pk, language="en", address="")

    pages = [
        client.post(page_of(rice), {"product": rice.pk, "contact": f"{name}@example.org"}, follow=True)
        for name in ("known", "waits", "fresh")
    ]

    assert {
        said(page)[-1].replace(name, "x")
        for page, name in zip(pages, ("known", "waits", "fresh"), strict=True)
    } == {"Look into your messages: press the link in ours to x@example.org, then we tell you."}


def test_too_many_are_refused_and_what_was_typed_stays(client, rice, monkeypatch):
    monkeypatch.setattr(limits, "take", lambda *_limit: False)

    answer = client.post(page_of(rice), {"product": rice.pk, "contact": "dema@example.org"})

    assert answer.status_code == 429
    assert answer.context["form"]["contact"].value() == "dema@example.org"
    assert waits() == []


def test_a_forged_link_is_not_found(client, rice):
    client.post(page_of(rice), {"product": rice.pk, "contact": "dema@example.org"})
    pk = StockRequest.objects.get().pk

    for token in (f"{pk}", f"{pk}:x", "x"):
        assert client.get(f"/back-in-stock/{token}/").status_code == 404
        assert client.post(f"/back-in-stock/{token}/", {"do": "confirm"}).status_code == 404
        client.post(f"/back-in-stock/{token}/", {"do": "cancel"})

    assert StockRequest.objects.filter(confirmed_at=None).count() == 1


def test_the_account_lists_what_one_waits_for_and_ends_it(client, rice):
    person, other = PersonFactory(), PersonFactory()
    for each in (person, other):
        stock_requests.ask(each, rice.pk)
    client.force_login(person)
    assert "Red rice" in client.get("/account/back-in-stock/").content.decode()

    for _ in range(2):
        assert client.post("/account/back-in-stock/", {"product": rice.pk}).status_code == 302
    for odd in ("", "x", "9" * 30):
        client.post("/account/back-in-stock/", {"product": odd})

    assert "Red rice" not in client.get("/account/back-in-stock/").content.decode()
    assert [row[0] for row in waits()] == [other.pk]


def test_what_is_hidden_keeps_its_name_of_then(client, rice):
    person = PersonFactory()
    stock_requests.ask(person, rice.pk)
    Product.objects.filter(pk=rice.pk).update(state="withdrawn", is_public=False, title="Something rude")
    client.force_login(person)

    text = client.get("/account/back-in-stock/").content.decode()

    assert "Red rice" in text
    assert "Something rude" not in text
    assert rice.get_absolute_url() not in text


def test_the_list_asks_at_most_eight_times(client):
    person = PersonFactory()
    client.force_login(person)
    for _ in range(12):
        stock_requests.ask(person, ListingFactory(sold_out=True).pk)
    client.get("/account/back-in-stock/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/account/back-in-stock/")

    assert len(asked) <= 8


def test_a_guest_with_a_phone_alone_says_yes_by_the_link_in_an_sms_and_is_told_by_sms(client, rice):
    for _ in range(2):
        answer = client.post(page_of(rice), {"product": rice.pk, "contact": "17 12 34 56"}, follow=True)

    assert said(answer)[-1:] == [
        "Look into your messages: press the link in ours to +97517123456, then we tell you."
    ]
    row = StockRequest.objects.get()
    assert (row.person, row.email, row.phone) == (None, "", "+97517123456")
    asking = Notice.objects.get(kind="stock_asked")
    assert (asking.channel, asking.address) == ("sms", "+97517123456")
    assert tell_of_stock() == 0
    client.post(f"/back-in-stock/{row.token}/", {"do": "confirm"})
    rice.stockrecords.update(num_in_stock=3)

    assert (tell_of_stock(), tell_of_stock()) == (1, 0)

    told = Notice.objects.get(kind="stock_back")
    assert (told.channel, told.address) == ("sms", "+97517123456")


def test_phone_and_mail_of_one_guest_are_two_who_wait(client, rice):
    for contact in ("17123456", "dema@example.org"):
        client.post(page_of(rice), {"product": rice.pk, "contact": contact})

    assert StockRequest.objects.count() == 2


def test_no_request_has_both_contacts_or_none(rice):
    for contacts in ({}, {"email": "dema@example.org", "phone": "+97517123456"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockRequest.objects.create(product=rice, language="en", title="x", **contacts)


def test_what_waits_for_a_phone_ends_with_the_account_that_has_it(rice):
    stock_requests.ask_as_guest("+97517123456", rice.pk, language="en", address="")

    close(PersonFactory(phone="+97517123456"), removes_reviews=False)

    assert not StockRequest.objects.exists()

"""Back in stock: each who waits is told once, and never of what cannot be bought."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.errors import InStock, WaitsForTooMuch
from catalogue.models import Product, StockRequest
from catalogue.models.stock_requests import StockRequestQuerySet
from catalogue.services import stock_requests, stock_telling
from catalogue.services.stock_telling import tell_of_stock
from notices.models import Notice, NoticePreference
from people.errors import TooManyTries
from people.services import limits
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from vendors.models import Partner, StockRecord
from vendors.services import stock

pytestmark = pytest.mark.django_db


def sold_out(**more):
    return ListingFactory(title="Red rice", sold_out=True, **more)


def refill(product, units=5):
    record = StockRecord.objects.get(product=product)
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=record.num_allocated + units)


def told():
    return list(Notice.objects.filter(kind="stock_back").order_by("pk").values_list("address", flat=True))


def guest(contact="dema@example.org"):
    return {"contact": contact, "language": "hi", "address": "203.0.113.7"}


def ask_as_guest(product, **more):
    stock_requests.ask_as_guest(product_pk=product.pk, **{**guest(), **more})
    return StockRequest.objects.get(person=None, product=product)


def test_who_waits_is_told_once_however_often_it_comes_and_goes():
    rice, person = sold_out(), PersonFactory(email="pema@example.org")
    for _ in range(2):
        stock_requests.ask(person, rice.pk)
    nothing_there = tell_of_stock()
    refill(rice)
    first = [tell_of_stock() for _ in range(2)]
    StockRecord.objects.filter(product=rice).update(num_in_stock=F("num_allocated"))
    down = tell_of_stock()
    refill(rice)
    up_again = tell_of_stock()

    assert (nothing_there, first, down, up_again) == (0, [1, 0], 0, 0)
    assert told() == ["pema@example.org"]


def test_messages_call_goods_by_their_names_in_the_language_of_their_reader():
    rice = sold_out(translations={"hi": {"title": "लाल चावल"}})
    stock_requests.ask_as_guest(product_pk=rice.pk, **guest())
    small = SizeFactory(parent=rice, size_label="", sold_out=True)
    stock_requests.ask(PersonFactory(preferred_language="hi"), small.pk)
    refill(small)

    tell_of_stock()

    context = {notice.kind: notice.context["listing"] for notice in Notice.objects.all()}
    assert context == {"stock_asked": "लाल चावल", "stock_back": "लाल चावल 250 ग्राम"}


def test_up_and_down_between_two_runs_tells_nobody_and_they_go_on_waiting():
    rice = sold_out()
    stock_requests.ask(PersonFactory(), rice.pk)
    refill(rice, 1)
    stock.reserve({StockRecord.objects.get(product=rice).pk: 1})

    assert tell_of_stock() == 0
    assert StockRequest.objects.waiting().count() == 1


def test_what_is_sold_between_the_look_and_the_mark_is_not_told(monkeypatch):
    rice = sold_out()
    stock_requests.ask(PersonFactory(), rice.pk)
    refill(rice)
    seen = stock_telling._buyable
    monkeypatch.setattr(
        stock_telling,
        "_buyable",
        lambda: [seen()[0], StockRecord.objects.filter(product=rice).update(num_in_stock=F("num_allocated"))][
            :1
        ],
    )

    assert tell_of_stock() == 0
    assert (told(), StockRequest.objects.waiting().count()) == ([], 1)


def test_asking_again_after_the_news_is_another_wait():
    rice, person = sold_out(), PersonFactory()
    stock_requests.ask(person, rice.pk)
    refill(rice)
    tell_of_stock()
    StockRecord.objects.filter(product=rice).update(num_in_stock=F("num_allocated"))

    stock_requests.ask(person, rice.pk)
    refill(rice)

    assert tell_of_stock() == 1
    assert len(told()) == 2


def test_a_size_is_waited_for_alone_and_named():
    listing = ListingFactory(title="Red rice", stock=None)
    small, large = (
        SizeFactory(parent=listing, size_label=words, sold_out=True) for words in ("500 g", "1 kg")
    )
    stock_requests.ask(PersonFactory(), large.pk)
    refill(small)
    assert tell_of_stock() == 0

    refill(large)

    assert tell_of_stock() == 1
    context = Notice.objects.get(kind="stock_back").context
    assert context["listing"] == "Red rice 1 kg"
    assert context["link"].endswith(listing.get_absolute_url())


@pytest.mark.parametrize("what", ["withdrawn", "suspended", "closed", "no licence", "size withdrawn"])
def test_what_cannot_be_bought_is_told_of_by_no_run_until_it_can(what):
    food = CategoryFactory(name="Food", slug="food")
    today = timezone.localdate()
    vendor = VendorFactory(food_licence="L-1")
    if what == "size withdrawn":
        thing = SizeFactory(parent=ListingFactory(vendor=vendor, stock=None), sold_out=True)
    else:
        thing = sold_out(vendor=vendor, categories=[food])
    stock_requests.ask(PersonFactory(), thing.pk)
    refill(thing)

    def withdraw(is_back):
        state = (
            {"state": "live", "is_public": True} if is_back else {"state": "withdrawn", "is_public": False}
        )
        Product.objects.filter(pk=thing.parent_id or thing.pk).update(**state)

    def suspend(is_back):
        Partner.objects.filter(pk=vendor.pk).update(state="approved" if is_back else "suspended")

    def close(is_back):
        until = today - timedelta(days=1) if is_back else today + timedelta(days=5)
        Partner.objects.filter(pk=vendor.pk).update(closed_from=today - timedelta(days=9), closed_until=until)

    def license_(is_back):
        Partner.objects.filter(pk=vendor.pk).update(food_licence="L-1" if is_back else "")

    turn = {"suspended": suspend, "closed": close, "no licence": license_}.get(what, withdraw)
    turn(is_back=False)
    assert tell_of_stock() == 0
    assert told() == []

    turn(is_back=True)

    assert tell_of_stock() == 1


def test_what_is_there_or_hidden_or_has_sizes_cannot_be_asked_for():
    person = PersonFactory()
    parent = SizeFactory(sold_out=True).parent
    with pytest.raises(InStock):
        stock_requests.ask(person, ListingFactory().pk)
    for hidden in (parent, ListingFactory(withdrawn=True, sold_out=True)):
        with pytest.raises(Product.DoesNotExist):
            stock_requests.ask(person, hidden.pk)

    assert StockRequest.objects.count() == 0


def test_a_guest_is_told_nothing_before_the_yes():
    rice = sold_out()
    asked = ask_as_guest(rice)
    asking = Notice.objects.get()
    refill(rice)
    assert tell_of_stock() == 0

    for _ in range(2):
        stock_requests.confirm(asked)

    assert (asking.kind, asking.address, asking.language) == ("stock_asked", "dema@example.org", "hi")
    assert asking.context["link"].endswith(f"/hi/back-in-stock/{asked.token}/")
    assert tell_of_stock() == 1
    assert told() == ["dema@example.org"]
    assert Notice.objects.get(kind="stock_back").language == "hi"


def test_a_guest_who_presses_twice_gets_one_message_and_who_waits_none():
    rice = sold_out()
    for _ in range(2):
        asked = ask_as_guest(rice)
    stock_requests.confirm(asked)
    ask_as_guest(rice)

    assert Notice.objects.count() == 1
    assert StockRequest.objects.count() == 1


def test_an_address_cannot_be_flooded():
    things = [sold_out() for _ in range(limits.STOCK_BY_CONTACT.tries + 1)]
    for thing in things[:-1]:
        ask_as_guest(thing)

    with pytest.raises(TooManyTries):
        stock_requests.ask_as_guest(product_pk=things[-1].pk, **guest())

    assert Notice.objects.count() == StockRequest.objects.count() == limits.STOCK_BY_CONTACT.tries


def test_nor_can_one_visitor_write_to_everybody(monkeypatch):
    monkeypatch.setattr(limits, "STOCK_BY_ADDRESS", limits.Limit("stock-address", 2, timedelta(hours=1)))
    rice = sold_out()
    for number in range(2):
        stock_requests.ask_as_guest(product_pk=rice.pk, **guest(f"a{number}@example.org"))

    with pytest.raises(TooManyTries):
        stock_requests.ask_as_guest(product_pk=rice.pk, **guest("a3@example.org"))


def test_unconfirmed_addresses_and_old_news_are_forgotten():
    rice, honey, person = sold_out(), sold_out(), PersonFactory()
    now = timezone.now()
    old = ask_as_guest(rice)
    ask_as_guest(honey, contact="new@example.org")
    waits, over = stock_requests.ask(person, rice.pk), stock_requests.ask(person, honey.pk)
    long_ago = now - timedelta(days=60)
    StockRequest.objects.filter(pk__in=[old.pk, waits.pk]).update(created_at=long_ago)
    StockRequest.objects.filter(pk=over.pk).update(told_at=long_ago, confirmed_at=long_ago)

    assert stock_requests.clear_old() == 2

    left = StockRequest.objects.order_by("pk").values_list("email", "person")
    assert list(left) == [("new@example.org", None), ("", person.pk)]


def test_one_contact_is_told_in_the_way_its_person_wants():
    rice = sold_out()
    both = PersonFactory(email="pema@example.org", phone="+97517000001")
    by_sms = PersonFactory(email="dorji@example.org", phone="+97517000002")
    NoticePreference.objects.create(person=by_sms, wants_email=False)
    gone = PersonFactory(is_active=False)
    for person in (both, by_sms, gone):
        stock_requests.ask(person, rice.pk)
    refill(rice)

    assert tell_of_stock() == 2
    assert told() == ["pema@example.org", "+97517000002"]


def test_nobody_waits_for_more_than_anybody_would(monkeypatch):
    monkeypatch.setattr(stock_requests, "MOST", 1)
    person = PersonFactory()
    rice = sold_out()
    stock_requests.ask(person, rice.pk)
    stock_requests.ask(person, rice.pk)

    with pytest.raises(WaitsForTooMuch):
        stock_requests.ask(person, sold_out().pk)


def test_cancelling_ends_the_own_wait_alone_and_is_safe_twice():
    rice, person, other = sold_out(), PersonFactory(), PersonFactory()
    for each in (person, other):
        stock_requests.ask(each, rice.pk)

    for _ in range(2):
        stock_requests.cancel_own(person, rice.pk)

    assert list(StockRequest.objects.values_list("person", flat=True)) == [other.pk]


def test_a_row_is_of_a_person_or_of_a_guest():
    rice = sold_out()
    with pytest.raises(IntegrityError):
        StockRequest.objects.create(product=rice, language="en", title="x")


def test_twenty_who_wait_cost_one_query_for_the_list():
    def asked(count):
        rice = sold_out()
        for _ in range(count):
            stock_requests.ask(PersonFactory(), rice.pk)
        with CaptureQueriesContext(connection) as queries:
            tell_of_stock()
        return len(queries)

    assert asked(1) == asked(20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "times"), [(True, 1), (False, 4)], ids=["guarded", "control"])
def test_four_workers_tell_each_of_five_once(guarded, times, monkeypatch):
    rice = sold_out()
    for _ in range(5):
        stock_requests.ask(PersonFactory(), rice.pk)
    refill(rice)
    marked = []
    real = stock_telling._tell
    # All have read the list before the first one marks.
    monkeypatch.setattr(
        stock_telling, "_tell", lambda pk, product: marked.append(real(pk, product)) or marked[-1]
    )
    if not guarded:
        everybody = lambda self: self.filter(confirmed_at__isnull=False)  # noqa: E731
        monkeypatch.setattr(StockRequestQuerySet, "waiting", everybody)

    outcomes = race(tell_of_stock, contenders=4)

    assert outcomes == [None] * 4
    assert marked.count(True) == 5 * times
    # The notice's own key is the second guard.
    assert len(told()) == len(set(told())) == 5


class Killed(BaseException):
    """What no handler of a worker catches."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "reached"), [(True, 3), (False, 2)], ids=["guarded", "control"])
def test_a_worker_killed_between_mark_and_notice_leaves_nobody_out(guarded, reached, monkeypatch):
    rice = sold_out()
    for _ in range(3):
        stock_requests.ask(PersonFactory(), rice.pk)
    refill(rice)
    if not guarded:
        monkeypatch.setattr(stock_telling, "_tell", stock_telling._tell.__wrapped__)
    notify, calls = stock_telling.notify, []

    def killed_at_the_second(*args, **values):
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return notify(*args, **values)

    monkeypatch.setattr(stock_telling, "notify", killed_at_the_second)
    with pytest.raises(Killed):
        tell_of_stock()
    tell_of_stock()

    assert len(told()) == len(set(told())) == reached

"""Reviews: only by who has the goods, one for each line, shown once read, counted on the listing, answered once."""

import pytest
from django.urls import reverse

from catalogue.models import Product
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import (
    GroupNotInShop,
    ReviewClosed,
    ReviewMoved,
    ReviewNotYours,
    ReviewUnchanged,
    ReviewWordsNeeded,
)
from orders.models import Review, ReviewAnswer, ReviewEvent, VendorOrder
from orders.services import reviews
from orders.services.reviews import ReviewData, write
from tests.factories.people import PersonFactory
from tests.factories.reviews import ReviewFactory
from tests.orders.returned import delivered_part
from tests.orders.services.parts_of_sales import shipped_part
from tests.support.race import pause, race
from tests.support.sale import a_listing
from vendors.errors import OwnGroup, ReasonMissing
from vendors.models import Partner

pytestmark = pytest.mark.django_db

GOOD = ReviewData(stars=4, words="Very red and very good")


@pytest.fixture
def line():
    return delivered_part()[0].lines.get()


def figure(review):
    return Product.objects.values_list("rating", "rating_count").get(pk=review.listing_id)


def test_goods_that_came_are_reviewed_once_and_the_words_may_be_changed_until_they_are_read(line):
    first = write(line, GOOD, actor=None)
    write(line, GOOD, actor=None)
    write(line, ReviewData(stars=2, words="It broke"), actor=None)

    row = Review.objects.get()
    assert (row.pk, row.stars, row.words, row.version, row.state) == (first.pk, 2, "It broke", 2, "waiting")
    assert row.by == "A buyer from Thimphu"
    assert figure(row) == (None, 0)


def test_goods_on_their_way_cannot_be_reviewed_and_blank_words_are_none(line):
    part, _member = shipped_part((a_listing(), 1))

    with pytest.raises(ReviewClosed):
        write(part.lines.get(), GOOD, actor=None)
    with pytest.raises(ReviewWordsNeeded):
        write(line, ReviewData(stars=4, words=" \u3164 "), actor=None)

    assert not Review.objects.exists()


def test_what_was_given_back_cannot_be_reviewed(line):
    line.returned_quantity = line.quantity
    line.save()

    with pytest.raises(ReviewClosed):
        write(line, GOOD, actor=None)


def test_people_of_the_group_do_not_review_its_goods_from_an_account_or_as_guests():
    part, member = delivered_part()
    line = part.lines.get()

    with pytest.raises(ReviewNotYours):
        write(line, GOOD, actor=member)
    type(member).objects.filter(pk=member.pk).update(email=part.order.contact_email)
    with pytest.raises(ReviewNotYours):
        write(line, GOOD, actor=None)

    assert not Review.objects.exists()


def test_a_published_review_counts_on_its_listing_until_it_is_taken_down(line):
    review, actor = write(line, GOOD, actor=None), PersonFactory()

    assert reviews.publish(review, actor=actor, version=1)
    assert not reviews.publish(review, actor=actor)
    assert figure(review) == (4.0, 1)
    reviews.take_down(review, actor=actor, reason="Insulting")

    assert figure(review) == (None, 0)
    assert [event.reason for event in ReviewEvent.objects.all()] == ["", "Insulting"]
    assert {notice.kind for notice in Notice.objects.all()} == {"review_published", "review_taken_down"}


def test_decisions_need_the_words_as_read_a_reason_for_a_no_and_somebody_else(line):
    part = VendorOrder.objects.get(pk=line.vendor_order_id)
    review, member = write(line, GOOD, actor=None), part.vendor.memberships.get().user

    with pytest.raises(ReviewMoved):
        reviews.publish(review, actor=PersonFactory(), version=2)
    with pytest.raises(ReasonMissing):
        reviews.refuse(review, actor=PersonFactory(), reason=" ")
    with pytest.raises(OwnGroup):
        reviews.publish(review, actor=member)
    reviews.refuse(review, actor=PersonFactory(), reason="Insulting")
    with pytest.raises(IllegalTransition):
        reviews.publish(review, actor=PersonFactory())

    assert figure(review) == (None, 0)


def test_what_was_refused_is_told_to_the_buyer_and_may_be_written_anew(line):
    review = write(line, GOOD, actor=None)
    reviews.refuse(review, actor=PersonFactory(), reason="Leave out the phone number.")
    told = Notice.objects.get(kind="review_refused", channel="email")
    with pytest.raises(ReviewUnchanged):
        write(line, GOOD, actor=None)

    for _ in range(2):
        write(line, ReviewData(stars=4, words="Very good"), actor=None)
    review.refresh_from_db()
    again = (review.state, review.version)
    reviews.refuse(review, actor=PersonFactory(), reason="Still there.")

    assert told.address == line.order.contact_email
    assert told.context["note"] == "Leave out the phone number."
    assert again == ("waiting", 2)
    assert [event.to_state for event in review.events.all()] == ["refused", "waiting", "refused"]
    assert Notice.objects.filter(kind="review_refused", channel="email").count() == 2


def test_what_was_shown_once_is_not_written_anew(line):
    review, actor = write(line, GOOD, actor=None), PersonFactory()
    reviews.publish(review, actor=actor)
    with pytest.raises(ReviewClosed):
        write(line, ReviewData(stars=1, words="Bad"), actor=None)
    reviews.take_down(review, actor=actor, reason="Insulting")
    with pytest.raises(ReviewClosed):
        write(line, ReviewData(stars=1, words="Bad"), actor=None)

    assert Notice.objects.filter(kind="review_taken_down").exists()
    assert Review.objects.get().words == GOOD.words


def test_names_and_titles_of_which_nothing_is_seen_are_none(line):
    review = write(line, ReviewData(stars=4, words="Good", title="\u3164", name="\u2800 "), actor=None)

    assert (review.title, review.by) == ("", "A buyer from Thimphu")


def test_the_group_answers_a_published_review_once(line):
    review = ReviewFactory(line=line)

    reviews.answer(review, "Thank you", actor=PersonFactory())
    reviews.answer(review, "Thank you both", actor=PersonFactory())
    said = ReviewAnswer.objects.get()
    assert (said.words, said.version, said.state) == ("Thank you both", 2, "waiting")
    reviews.publish(said, actor=PersonFactory())

    with pytest.raises(ReviewClosed):
        reviews.answer(review, "And more", actor=PersonFactory())


def test_an_answer_that_was_refused_is_written_anew_and_a_suspended_group_answers_nobody(line):
    review, actor = ReviewFactory(line=line), PersonFactory()
    said = reviews.answer(review, "You are wrong", actor=actor)
    reviews.refuse(said, actor=PersonFactory(), reason="Be kind.")
    with pytest.raises(ReviewUnchanged):
        reviews.answer(review, "You are wrong", actor=PersonFactory())
    reviews.answer(review, "Thank you", actor=actor)
    Partner.objects.update(state=Partner.State.SUSPENDED)

    with pytest.raises(GroupNotInShop):
        reviews.answer(review, "We are back", actor=actor)

    said.refresh_from_db()
    assert (said.words, said.state, said.version) == ("Thank you", "waiting", 2)


def test_a_figure_that_has_drifted_is_counted_again(line):
    review = ReviewFactory(line=line, stars=3)

    assert reviews.mend_ratings() == 1
    assert figure(review) == (3.0, 1)
    assert reviews.mend_ratings() == 0
    Product.objects.update(rating=5, rating_count=9)

    assert reviews.mend_ratings() == 1
    assert figure(review) == (3.0, 1)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_are_one_review(is_guarded, monkeypatch):
    part, _member = delivered_part()
    line = part.lines.get()
    if not is_guarded:
        monkeypatch.setattr(reviews, "lock_part", lambda part: VendorOrder.objects.get(pk=part.pk))
    create = Review.objects.create
    # Without the lock both have seen that there is none before either writes.
    monkeypatch.setattr(Review.objects, "create", lambda **fields: (pause(), create(**fields))[1])

    outcomes = race(lambda: write(line, GOOD, actor=None), contenders=2)

    assert Review.objects.count() == 1
    # Without the lock the database still keeps one, by refusing the other.
    assert outcomes.count(None) == (2 if is_guarded else 1)


def test_the_listing_shows_what_was_published_and_says_it_to_machines(client, line):
    listing = line.product
    page = client.get(listing.get_absolute_url()).content.decode()
    assert "aggregateRating" not in page
    review = ReviewFactory(line=line, words="Hidden <b>words</b>", waiting=True)
    assert "Hidden" not in client.get(listing.get_absolute_url()).content.decode()

    reviews.publish(review, actor=PersonFactory())

    page = client.get(listing.get_absolute_url()).content.decode()
    assert "Hidden &lt;b&gt;words&lt;/b&gt;" in page
    assert '"aggregateRating":{"@type":"AggregateRating","ratingValue":4.0,"reviewCount":1}' in page
    assert "bought in October 2026" in page
    assert part_contact(line) not in page


def part_contact(line):
    return line.order.contact_email


def test_the_page_of_a_review_decides_about_the_words_that_it_showed(client, line):
    review = write(line, GOOD, actor=None)
    client.force_login(PersonFactory(moderator=True))
    page = client.get(reverse("admin:order_review_change", args=[review.pk]))
    write(line, ReviewData(stars=4, words="Call 17123456"), actor=None)
    address = reverse("admin:order_review_decide", args=[review.pk])

    for version in (page.context["seen_version"], ""):
        answer = client.post(address, {"decision": "publish", "version": version}, follow=True)
        assert "changed since you read them" in answer.content.decode()

    assert Review.objects.get().state == "waiting"


def test_the_page_of_the_order_says_to_the_buyer_alone_why_words_are_not_shown(client, line):
    review, buyer = write(line, GOOD, actor=None), PersonFactory()
    reviews.refuse(review, actor=PersonFactory(), reason="Leave out <b>numbers</b>.")
    line.order.user = buyer
    line.order.save(update_fields=["user"])
    address = reverse("order-review", args=[line.order.number, line.pk])

    client.force_login(PersonFactory(superuser=True))
    theirs = client.get(line.order.get_absolute_url()).content.decode()
    client.force_login(buyer)
    own = client.get(line.order.get_absolute_url()).content.decode()
    form = client.get(address).content.decode()

    assert "Leave out" not in theirs
    assert "What you wrote is not shown: Leave out &lt;b&gt;numbers&lt;/b&gt;." in own
    assert "Write it anew" in own
    assert "Leave out &lt;b&gt;numbers&lt;/b&gt;." in form
    assert GOOD.words in form


@pytest.mark.isolation
def test_a_buyer_writes_from_the_page_of_the_order_and_nobody_else(client):
    buyer = PersonFactory()
    part, _member = delivered_part()
    line = part.lines.get()
    part.order.user = buyer
    part.order.save(update_fields=["user"])
    address = reverse("order-review", args=[part.order.number, line.pk])
    form = {"stars": "5", "words": "Very good", "title": "", "name": "Dema"}

    assert client.post(address, form).status_code == 404
    client.force_login(buyer)
    assert address in client.get(part.order.get_absolute_url()).content.decode()
    wrong = client.post(address, {**form, "stars": ""})
    assert "Very good" in wrong.content.decode()
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]

    assert Review.objects.get().by == "Dema"


@pytest.mark.isolation
def test_the_desk_answers_reviews_of_the_own_goods_only(client, line):
    review = ReviewFactory(line=line)
    _other, stranger = delivered_part()
    address = reverse("dashboard-review", args=[review.pk])
    member = line.product.vendor.memberships.get().user

    client.force_login(stranger)
    assert client.post(address, {"words": "Mine"}).status_code == 404
    client.force_login(member)
    assert "Very red and very good" in client.get(reverse("dashboard-review-list")).content.decode()
    assert client.post(address, {"words": " "}).status_code == 200
    assert client.post(address, {"words": "Thank you"}).status_code == 302

    assert ReviewAnswer.objects.get().words == "Thank you"

"""The pages of moderation: the list, one thing with all for its decision, two moderators, and the next one."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from catalogue.services import review
from notices.models import Notice
from programme.models import Claim
from programme.services.canned_reasons import create_canned_reasons
from programme.services.claims import take
from regions.models import RegionRole
from tests.factories.catalogue import ListingChangeFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, GroupChangeFactory, VendorFactory
from vendors.services.story import update_story

pytestmark = pytest.mark.django_db

LIST = reverse("admin:programme_claim_changelist")
NEXT = reverse("admin:programme_claim_next")


def item(kind, row, page="item"):
    return reverse(f"admin:programme_claim_{page}", args=[kind, row.pk])


def text(answer):
    return answer.content.decode()


def messages_of(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def older(row, hours):
    """The row, handed in so many hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    type(row).objects.filter(pk=row.pk).update(submitted_at=at)
    row.refresh_from_db()
    return row


@pytest.fixture
def pema():
    return PersonFactory(moderator=True, name="Pema Lhamo")


@pytest.fixture
def me():
    return PersonFactory(moderator=True, name="Dorji Wangchuk")


@pytest.fixture
def desk(client, me):
    client.force_login(me)
    return client


@pytest.fixture
def listing(db):
    return older(ListingFactory(submitted=True, title="Red rice", description="Grown in Paro."), 5)


@pytest.fixture
def answer_of(listing):
    """What the form of the listing's page sends."""
    return {"version": listing.submitted_at.isoformat(), "reason": "Photo, please.", "fields": ["photos"]}


def test_list_shows_what_waits_how_long_and_with_whom(desk, listing, pema):
    older(VendorFactory(applied=True, name="Weavers of Haa"), 72)
    take("listing", listing.pk, pema)

    page = desk.get(LIST)

    assert [row.title for row, _url in page.context["items"]] == ["Weavers of Haa", "Red rice"]
    assert "Pema Lhamo" in text(page)
    assert "3\xa0days" in text(page)
    assert text(page).count("too long</b>") == 1


@pytest.mark.parametrize(
    "asked",
    [{"kind": "x"}, {"place": "XX"}, {"language": "xx"}, {"after": "x"}, {"place": "B\0T"}],
    ids=["kind", "place", "language", "after", "nul"],
)
def test_filters_that_are_none_are_not_found(desk, asked):
    assert desk.get(LIST, asked).status_code == 404


def test_opening_takes_it_and_shows_all_for_the_decision(desk, me, listing):
    listing.images.all().delete()

    page = desk.get(item("listing", listing))

    assert Claim.objects.get().holder == me
    assert "Grown in Paro." in text(page)
    assert "What failed" in text(page)
    assert [decision.key for decision in page.context["decisions"]] == ["a", "c", "r"]


@pytest.mark.parametrize(
    ("kind", "made", "keys"),
    [
        ("group", lambda: VendorFactory(applied=True), ["a", "c", "r"]),
        ("certificate", lambda: CertificateFactory(submitted=True), ["a", "r"]),
        ("change", ListingChangeFactory, ["a", "c", "r"]),
        ("group_change", GroupChangeFactory, ["a", "c", "r"]),
    ],
)
def test_each_kind_has_its_page_and_its_decisions(desk, kind, made, keys):
    page = desk.get(item(kind, made()))

    assert page.status_code == 200
    assert [decision.key for decision in page.context["decisions"]] == keys


def test_decision_is_carried_out_and_the_next_one_follows(desk, me, listing, answer_of):
    other = ListingFactory(submitted=True)
    desk.get(item("listing", listing))

    answer = desk.post(item("listing", listing), {**answer_of, "decision": "ask_for_changes"})

    listing.refresh_from_db()
    event = listing.events.get()
    assert answer["Location"] == item("listing", other)
    assert (listing.state, listing.noted_fields) == ("returned", ["photos"])
    assert (event.actor, event.reason) == (me, "Photo, please.")
    assert not Claim.objects.exists()


def test_form_sent_twice_decides_once_and_leads_on(desk, listing, answer_of):
    desk.get(item("listing", listing))
    form = {**answer_of, "decision": "reject"}

    first = desk.post(item("listing", listing), form)
    second = desk.post(item("listing", listing), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert listing.events.count() == 1


def test_whoever_goes_back_and_decides_otherwise_is_told_that_it_stays(desk, listing, answer_of):
    desk.get(item("listing", listing))
    desk.post(item("listing", listing), {**answer_of, "decision": "reject"})

    answer = desk.post(item("listing", listing), {**answer_of, "decision": "approve"}, follow=True)

    listing.refresh_from_db()
    assert listing.state == "rejected"
    assert "You had decided before: Red rice is rejected." in messages_of(answer)


def test_of_two_who_open_it_one_decides_and_the_other_is_told(desk, pema, listing, answer_of):
    theirs = Client()
    theirs.force_login(pema)
    theirs.get(item("listing", listing))
    seen = desk.get(item("listing", listing))

    early = desk.post(item("listing", listing), {**answer_of, "decision": "approve"})
    notices = Notice.objects.count()
    theirs.post(item("listing", listing), {**answer_of, "decision": "reject"})
    late = desk.post(item("listing", listing), {**answer_of, "decision": "approve"})

    listing.refresh_from_db()
    assert "Pema Lhamo is looking at it, until" in text(seen)
    assert seen.context["decisions"] == []
    assert "Pema Lhamo is looking at it, until" in messages_of(early)
    assert notices == 0
    assert listing.state == "rejected"
    assert "Pema Lhamo was first: Red rice is rejected." in messages_of(late)
    assert listing.events.count() == 1


def test_refused_decision_keeps_what_was_typed(desk, listing, answer_of):
    desk.get(item("listing", listing))
    listing.images.all().delete()

    page = desk.post(item("listing", listing), {**answer_of, "decision": "approve"})

    listing.refresh_from_db()
    assert listing.state == "submitted"
    assert "The listing is not complete." in messages_of(page)
    assert "Photo, please.</textarea>" in text(page)
    assert page.context["opened"].fields == ("photos",)


def test_answer_no_asks_for_a_reason(desk, listing, answer_of):
    desk.get(item("listing", listing))

    page = desk.post(item("listing", listing), {**answer_of, "reason": " ", "decision": "reject"})

    listing.refresh_from_db()
    assert page.status_code == 200
    assert listing.state == "submitted"
    assert messages_of(page)


def test_what_was_handed_in_anew_is_read_again_first(desk, listing, answer_of):
    desk.get(item("listing", listing))
    older(listing, 1)

    page = desk.post(item("listing", listing), {**answer_of, "decision": "approve"})

    listing.refresh_from_db()
    assert listing.state == "submitted"
    assert "handed in anew" in messages_of(page)
    assert page.context["version"] == listing.submitted_at.isoformat()


def test_an_application_that_was_changed_since_is_read_again_first(desk):
    group = VendorFactory(applied=True, story="It began.")
    opened = desk.get(item("group", group))
    own = desk.get(reverse("admin:partner_partner_change", args=[group.pk]))
    update_story(group, summary="", story="Call 17123456.")
    form = {"decision": "approve", "reason": ""}

    page = desk.post(item("group", group), {**form, "version": opened.context["version"]})
    decide = reverse("admin:partner_partner_decide", args=[group.pk])
    other = desk.post(decide, {**form, "version": own.context["seen_version"]}, follow=True)

    group.refresh_from_db()
    assert "Read it again before deciding." in messages_of(page)
    assert "The group has changed this since you read it." in messages_of(other)
    assert group.state == "applied"


def test_whoever_comes_back_too_late_looks_once_more_and_then_decides(desk, listing, answer_of):
    desk.get(item("listing", listing))
    Claim.objects.update(until=timezone.now())
    form = {**answer_of, "decision": "reject"}

    told = desk.post(item("listing", listing), form)
    desk.post(item("listing", listing), form)

    listing.refresh_from_db()
    assert "Your time with it was over." in messages_of(told)
    assert listing.state == "rejected"


def test_what_comes_back_is_shown_beside_what_was_returned(desk, listing, answer_of):
    desk.get(item("listing", listing))
    desk.post(item("listing", listing), {**answer_of, "decision": "ask_for_changes"})
    Product.objects.filter(pk=listing.pk).update(title="Red rice of Paro")
    review.submit(Product.objects.get(pk=listing.pk), PersonFactory())

    page = desk.get(item("listing", listing))

    diffs = page.context["sheet"].diffs
    assert [(diff.name, diff.old, diff.new) for diff in diffs] == [("title", "Red rice", "Red rice of Paro")]
    assert "When changes were asked for" in text(page)


def test_certificates_that_cover_it_stand_beside_it(desk):
    paper = CertificateFactory(number="ORG-77", goods="honey")
    listing = ListingFactory(
        submitted=True, title="Wild honey", vendor=paper.vendor, region=paper.vendor.home_region
    )

    assert "organic · ORG-77 · " in text(desk.get(item("listing", listing)))


def test_what_comes_back_as_it_was_is_said(desk, listing, answer_of):
    desk.get(item("listing", listing))
    desk.post(item("listing", listing), {**answer_of, "decision": "ask_for_changes"})
    review.submit(Product.objects.get(pk=listing.pk), PersonFactory())

    page = desk.get(item("listing", listing))

    assert "Nothing has changed since changes were asked for." in text(page)


def test_ready_words_in_the_groups_language_go_into_the_note(desk, listing, answer_of):
    create_canned_reasons()
    listing.vendor.language = "hi"
    listing.vendor.save()

    page = desk.post(item("listing", listing), {**answer_of, "insert": "ask_for_changes:photo-unclear"})

    note = page.context["opened"].note
    assert note.startswith("Photo, please.\n\nफ़ोटो अंधेरी है")
    assert page.context["reasons"][0].title == "Photo dark or blurred"
    assert 'lang="hi"' in text(page)
    assert not listing.events.exists()


def test_leaving_puts_it_back_and_goes_on_to_what_is_free(desk, me, pema, listing):
    held, free = ListingFactory(submitted=True), ListingFactory(submitted=True)
    take("listing", held.pk, pema)
    desk.get(item("listing", listing))

    onwards = desk.post(item("listing", listing, "leave"), {"to": "next"})
    back = desk.post(item("listing", listing, "leave") + "?kind=listing", {"to": "list"})

    assert onwards["Location"] == item("listing", free)
    assert back["Location"] == f"{LIST}?kind=listing"
    assert list(Claim.objects.values_list("holder", flat=True)) == [pema.pk]


def test_next_keeps_the_filters_and_says_when_nothing_is_left(desk, listing):
    led = desk.get(NEXT, {"kind": "listing"})
    nothing = desk.get(NEXT, {"kind": "group"}, follow=True)

    assert led["Location"] == item("listing", listing) + "?kind=listing"
    assert "Nothing else waits" in messages_of(nothing)


def test_what_was_decided_is_shown_with_its_history_and_that_of_the_group(desk, me, listing, answer_of):
    twin = ListingFactory(submitted=True, vendor=listing.vendor, title="Black rice")
    desk.get(item("listing", listing))
    desk.post(item("listing", listing), {**answer_of, "decision": "reject"})

    page, beside = desk.get(item("listing", listing)), desk.get(item("listing", twin))

    assert page.context["decisions"] == []
    assert "This does not wait any more: rejected." in text(page)
    assert [(step.words, step.who) for step in page.context["steps"]] == [("rejected", me.name)]
    assert [(step.title, step.reason) for step in beside.context["beside"]] == [
        ("Red rice", "Photo, please.")
    ]
    assert not Claim.objects.filter(object_id=listing.pk).exists()


def ticked(desk, rows, kind="listing"):
    spots = [item.spot for item, _url in desk.get(LIST, {"kind": kind}).context["items"] if item.pk in rows]
    return {"decision": "approve", "ticked": spots}


def test_several_are_approved_as_they_were_listed_and_no_other_way(desk, pema, listing):
    whole, anew, held, gap = ListingFactory.create_batch(4, submitted=True)
    form = ticked(desk, {listing.pk, whole.pk, anew.pk, held.pk, gap.pk})
    older(anew, 1)
    take("listing", held.pk, pema)
    gap.images.all().delete()

    answer = desk.post(f"{LIST}?kind=listing", form, follow=True)

    assert set(Product.objects.filter(state="live")) == {listing, whole}
    assert "Approve: 2 done." in messages_of(answer)
    assert f"{anew.title} is not as it was listed any more." in messages_of(answer)
    assert "Pema Lhamo is looking at it" in messages_of(answer)
    assert f"{gap.title}: The listing is not complete." in messages_of(answer)
    assert list(Claim.objects.values_list("object_id", flat=True)) == [held.pk]


def test_what_is_not_there_holds_up_none_of_the_others(desk, listing):
    form = ticked(desk, {listing.pk})
    gone = f"{listing.submitted_at.isoformat()},2,{listing.pk + 999}"

    answer = desk.post(f"{LIST}?kind=listing", {**form, "ticked": [gone, *form["ticked"]]}, follow=True)

    assert answer.status_code == 200
    assert "One of them is not there any more." in messages_of(answer)
    assert list(Product.objects.filter(state="live")) == [listing]


def test_what_must_be_opened_is_not_decided_from_the_list(desk, listing):
    group = VendorFactory(applied=True)

    refused = [
        desk.post(f"{LIST}?kind=group", ticked(desk, {group.pk}, kind="group")),
        desk.post(LIST, ticked(desk, {listing.pk})),
        desk.post(f"{LIST}?kind=listing", {**ticked(desk, {listing.pk}), "decision": "reject"}),
    ]

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert 'name="ticked"' not in text(desk.get(LIST))


@pytest.mark.isolation
def test_officers_read_in_their_places_decide_where_they_may_and_find_nothing_elsewhere(
    client, listing, answer_of
):
    reader = PersonFactory(officer=True, place=listing.vendor.home_region)
    decider = PersonFactory(officer=True, place=False)
    RegionRole.objects.create(person=decider, region=listing.vendor.home_region, may_decide=True)
    stranger = PersonFactory(officer=True, place=RegionFactory(dzongkhag=True))
    form = {**answer_of, "decision": "reject"}

    client.force_login(stranger)
    outside = [
        client.get(item("listing", listing)),
        client.post(item("listing", listing), form),
        client.post(item("listing", listing, "leave")),
        client.post(
            f"{LIST}?kind=listing",
            {"decision": "approve", "ticked": f"{listing.submitted_at.isoformat()},2,{listing.pk}"},
        ),
        client.get(LIST, {"place": listing.vendor.home_region.code}),
    ]
    nowhere = client.get(LIST).context["items"]
    claim = take("listing", listing.pk, reader)
    outside.append(client.get(reverse("admin:programme_claim_change", args=[claim.pk])))
    claim.delete()
    client.force_login(reader)
    read = client.get(item("listing", listing))
    refused = client.post(item("listing", listing), form).status_code

    # Without the right to decide anywhere, nothing is asked about the row at all.
    assert [answer.status_code for answer in outside] == [404, 404, 404, 403, 404, 404]
    assert nowhere == []
    assert (read.status_code, read.context["decisions"], refused) == (200, [], 403)
    assert not Claim.objects.exists()
    assert not listing.events.exists()

    client.force_login(decider)
    client.get(item("listing", listing))
    client.post(item("listing", listing), form)
    assert [event.actor for event in listing.events.all()] == [decider]


def test_pages_take_equally_many_queries_for_one_and_for_twenty(desk, listing, django_assert_max_num_queries):
    def queries(address):
        # What every page of the staff remembers for some seconds is read anew for each.
        cache.clear()
        with django_assert_max_num_queries(60) as counted:
            desk.get(address)
        return len(counted)

    # Opened before: taking it takes more than keeping it.
    desk.get(item("listing", listing))
    one = [queries(LIST), queries(item("listing", listing))]
    for _ in range(20):
        ListingFactory(submitted=True, vendor=listing.vendor)
    VendorFactory.create_batch(5, applied=True)

    assert [queries(LIST), queries(item("listing", listing))] == one

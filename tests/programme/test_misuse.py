"""Reports of misuse: each visitor counts once, one case for each thing, decided once, answered without names."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from notices.services.resending import can_be_resent, resend
from notices.services.sending import send_notice
from programme.errors import ReportsUnread, ReportWordsNeeded
from programme.models import Claim, MisuseCase, MisuseEvent, MisuseReport
from programme.services import misuse
from programme.services.misuse import ReportData, report
from tests.factories.catalogue import ListingFactory
from tests.factories.misuse import MisuseReportFactory
from tests.factories.people import PersonFactory
from tests.factories.reviews import ReviewFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.orders.returned import delivered_part
from tests.support.race import pausing, race
from vendors.errors import OwnGroup, ReasonMissing

pytestmark = pytest.mark.django_db

COPIED = ReportData(reason=MisuseReport.Reason.COPIED, words="That photo is mine", language="en")


def decided(case):
    case.refresh_from_db()
    return case.state


def test_reports_of_one_thing_come_together_and_each_visitor_counts_once():
    listing, person = ListingFactory(), PersonFactory()

    sent = [
        report(listing, COPIED, visitor="a"),
        report(listing, COPIED, visitor="a"),
        report(listing, COPIED, visitor="b"),
        report(listing, COPIED, visitor="c", person=person),
        report(listing, COPIED, visitor="d", person=person),
        report(listing.vendor, COPIED, visitor="a"),
    ]

    assert sent == [True, False, True, True, False, True]
    cases = {case.thing: case.reports.count() for case in MisuseCase.objects.all()}
    assert cases == {listing.title: 3, listing.vendor.name: 1}
    assert not Notice.objects.exists()


def test_something_else_needs_words():
    other = ReportData(reason=MisuseReport.Reason.OTHER, words=" \0 ", language="en")

    with pytest.raises(ReportWordsNeeded):
        report(ListingFactory(), other, visitor="a")

    assert not MisuseCase.objects.exists()


def test_what_is_reported_after_a_decision_is_a_new_case():
    listing = ListingFactory()
    report(listing, COPIED, visitor="a")
    misuse.find_nothing(MisuseCase.objects.get(), actor=PersonFactory())

    report(listing, COPIED, visitor="a")

    assert list(MisuseCase.objects.order_by("pk").values_list("state", flat=True)) == ["unfounded", "open"]


def test_nothing_wrong_is_told_to_who_asked_and_not_to_the_group():
    row = MisuseReportFactory(language="en")
    MisuseReportFactory(case=row.case, contact="")
    MembershipFactory(vendor=row.case.vendor)

    assert misuse.find_nothing(row.case, actor=PersonFactory())
    assert not misuse.find_nothing(row.case, actor=PersonFactory())

    notice = Notice.objects.get()
    assert (notice.kind, notice.address) == ("misuse_decided", "karma@example.org")
    assert notice.context["outcome"] == "We looked at it and found nothing that must change."
    assert MisuseEvent.objects.count() == 1


def test_changes_are_asked_of_the_group_in_the_moderators_words_alone():
    row = MisuseReportFactory()
    MembershipFactory(vendor=row.case.vendor)

    misuse.ask_for_changes(row.case, actor=PersonFactory(), reason="Use your own photo.")

    told = Notice.objects.get(kind="misuse_changes_asked")
    assert told.context["note"] == "Use your own photo."
    assert row.words not in str(told.context)
    assert row.contact not in str(told.context)
    assert Product.objects.get().state == "live"


def test_taking_off_returns_a_listing_and_suspends_a_group():
    row, actor = MisuseReportFactory(), PersonFactory()
    group = VendorFactory()
    report(group, COPIED, visitor="a")

    misuse.take_down(row.case, actor=actor, reason="Not allowed here.")
    misuse.take_down(MisuseCase.objects.get(vendor=group), actor=actor, reason="Not a group at all.")

    row.case.listing.refresh_from_db()
    group.refresh_from_db()
    assert (row.case.listing.state, group.state) == ("returned", "suspended")
    assert row.case.listing.events.get().reason == "Not allowed here."


def test_a_review_is_taken_down_and_its_buyer_told_and_no_change_is_asked_of_the_group():
    line, actor = delivered_part()[0].lines.get(), PersonFactory()
    review = ReviewFactory(line=line)
    for visitor in ("a", "a", "b"):
        report(review, COPIED, visitor=visitor)
    report(review.listing, COPIED, visitor="a")
    case = MisuseCase.objects.get(review=review)

    with pytest.raises(IllegalTransition):
        misuse.ask_for_changes(case, actor=actor, reason="Change it.")
    assert misuse.take_down(case, actor=actor, reason="Insulting.", seen=2)

    review.refresh_from_db()
    assert (review.state, review.events.get().reason, case.vendor) == (
        "taken_down",
        "Insulting.",
        line.product.vendor,
    )
    assert Notice.objects.filter(kind="review_taken_down").exists()
    assert Product.objects.get(pk=review.listing_id).state == "live"
    assert MisuseCase.objects.count() == 2


def test_what_is_gone_already_stays_gone():
    row = MisuseReportFactory()
    Product.objects.update(state=Product.State.WITHDRAWN, is_public=False)

    assert misuse.take_down(row.case, actor=PersonFactory(), reason="Not allowed here.")

    row.case.listing.refresh_from_db()
    assert (decided(row.case), row.case.listing.state) == ("taken_down", "withdrawn")


def test_a_no_needs_a_reason_and_nobody_decides_about_the_own_group():
    case = MisuseReportFactory().case
    member = MembershipFactory(vendor=case.vendor).user

    for verb in (misuse.ask_for_changes, misuse.take_down):
        with pytest.raises(ReasonMissing):
            verb(case, actor=PersonFactory(), reason=" ")
    with pytest.raises(OwnGroup):
        misuse.find_nothing(case, actor=member)

    assert decided(case) == "open"
    assert not Notice.objects.exists()


def test_a_case_is_decided_once():
    case = MisuseReportFactory().case
    misuse.find_nothing(case, actor=PersonFactory())

    with pytest.raises(IllegalTransition):
        misuse.take_down(case, actor=PersonFactory(), reason="Not allowed here.")

    assert Product.objects.get().state == "live"


def test_what_was_reported_meanwhile_is_read_before_a_decision():
    case = MisuseReportFactory().case
    MisuseReportFactory(case=case)

    with pytest.raises(ReportsUnread):
        misuse.find_nothing(case, actor=PersonFactory(), seen=1)
    assert misuse.find_nothing(case, actor=PersonFactory(), seen=2)

    assert MisuseEvent.objects.count() == 1


def test_page_of_a_case_decides_as_it_was_read(client):
    case = MisuseReportFactory().case
    client.force_login(PersonFactory(moderator=True))
    page = client.get(reverse("admin:programme_misusecase_change", args=[case.pk]))
    MisuseReportFactory(case=case, words="And it is poisonous")
    address = reverse("admin:programme_misusecase_decide", args=[case.pk])

    answer = client.post(
        address, {"decision": "nothing_wrong", "version": page.context["seen_version"]}, follow=True
    )

    assert "reported it again since you opened it" in answer.content.decode()
    assert decided(case) == "open"


def test_a_thousand_reports_of_one_thing_are_one_case_that_can_be_read_and_decided(client):
    case = MisuseReportFactory().case
    MisuseReportFactory.create_batch(49, case=case)
    MisuseReport.objects.bulk_create(
        MisuseReport(case=case, reason="copied", words="Mine!", reporter=f"flood-{number}")
        for number in range(950)
    )
    moderator = PersonFactory(moderator=True)
    client.force_login(moderator)

    answer = client.get(reverse("admin:programme_claim_item", args=["misuse", case.pk]))

    words = " ".join(answer.content.decode().split())
    assert words.count("That photo is mine") == 50
    assert "950" in words
    assert "Mine!" not in words
    # They go on coming while it is read: that does not hold up the decision.
    MisuseReportFactory(case=case)
    assert misuse.find_nothing(case, actor=moderator, seen=1000)
    assert decided(case) == "unfounded"


def test_the_fiftieth_report_still_has_to_be_read():
    case = MisuseReportFactory().case
    MisuseReportFactory.create_batch(49, case=case)

    with pytest.raises(ReportsUnread):
        misuse.find_nothing(case, actor=PersonFactory(), seen=49)


def test_a_moderator_whose_role_ends_while_deciding_decides_nothing_and_holds_nobody_up(client):
    moderator, other = PersonFactory(moderator=True), PersonFactory(moderator=True)
    case = MisuseReportFactory().case
    client.force_login(moderator)
    item = reverse("admin:programme_claim_item", args=["misuse", case.pk])
    page = client.get(reverse("admin:programme_misusecase_change", args=[case.pk]))
    assert client.get(item).status_code == 200
    moderator.groups.clear()

    address = reverse("admin:programme_misusecase_decide", args=[case.pk])
    answer = client.post(address, {"decision": "nothing_wrong", "version": page.context["seen_version"]})

    assert answer.status_code in (403, 404)
    assert decided(case) == "open"
    Claim.objects.update(until=timezone.now())
    client.force_login(other)
    assert client.get(item).status_code == 200
    client.post(address, {"decision": "nothing_wrong", "version": page.context["seen_version"]})
    assert decided(case) == "unfounded"


def test_who_reported_is_forgotten_some_weeks_after_the_decision(settings):
    settings.MISUSE_CONTACT_DAYS = 30
    row = MisuseReportFactory(person=PersonFactory())
    waiting = MisuseReportFactory()
    misuse.find_nothing(row.case, actor=PersonFactory())
    now = timezone.now()

    assert misuse.forget_reporters(now + timedelta(days=29)) == 0
    assert misuse.forget_reporters(now + timedelta(days=31)) == 1
    assert misuse.forget_reporters(now + timedelta(days=31)) == 0

    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.contact, row.person, row.words) == ("", None, "That photo is mine")
    assert waiting.contact == "karma@example.org"


def test_the_contact_is_wiped_from_the_notice_too(settings):
    settings.MISUSE_CONTACT_DAYS = 30
    row = MisuseReportFactory(contact="karma@example.org")
    other = MisuseReportFactory(contact="dorji@example.org")
    misuse.find_nothing(row.case, actor=PersonFactory())
    sent = Notice.objects.get(key__startswith=f"misuse-report:{row.pk}:")
    assert send_notice(sent.pk)
    sent.refresh_from_db()
    assert sent.state == Notice.State.SENT
    copy = resend(sent.pk, PersonFactory(), "she lost it")
    now = timezone.now()

    assert misuse.forget_reporters(now + timedelta(days=31)) == 1
    misuse.forget_reporters(now + timedelta(days=31))

    told = list(Notice.objects.order_by("pk"))
    assert [(notice.address, notice.person, notice.context) for notice in told] == [
        ("forgotten", None, {})
    ] * 2
    assert not any("karma" in str(vars(notice)) for notice in told)
    assert not any(can_be_resent(notice) for notice in told)
    # What was on its way is not sent any more.
    assert [notice.state for notice in told] == [Notice.State.SENT, Notice.State.FAILED]
    assert send_notice(copy.pk) is False
    other.refresh_from_db()
    assert other.contact == "dorji@example.org"


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_eight_moderators_decide_a_case_once(is_guarded, monkeypatch):
    case = MisuseReportFactory(contact="").case
    if not is_guarded:
        monkeypatch.setattr(misuse, "_lock", lambda case: MisuseCase.objects.get(pk=case.pk))
    monkeypatch.setattr(misuse, "refuse_own_group", pausing(misuse.refuse_own_group))

    race(lambda: misuse.find_nothing(MisuseCase.objects.get(pk=case.pk), actor=None), contenders=8)

    events = MisuseEvent.objects.count()
    assert events == (1 if is_guarded else 8)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_eight_times_at_once_is_one_report():
    listing = ListingFactory()

    outcomes = race(lambda: report(listing, COPIED, visitor="a"), contenders=8)

    assert outcomes == [None] * 8
    assert (MisuseCase.objects.count(), MisuseReport.objects.count()) == (1, 1)

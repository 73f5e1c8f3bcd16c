"""The checklist: counted, said and looked at; gaps stand against handing in, what is open against approval."""

import threading

import pytest

from tests.factories.people import PersonFactory
from tests.factories.vendors import (
    GroupDocumentFactory,
    GroupPersonFactory,
    GroupPhotoFactory,
    MembershipFactory,
    RequirementFactory,
    VendorFactory,
)
from tests.support.race import pause, race
from vendors.errors import ApplicationError, ApplicationIncomplete, NotNow, ReasonMissing, RequirementsOpen
from vendors.models import GroupDocument, Partner, Requirement, RequirementMark
from vendors.selectors.checklist import Status, checklist
from vendors.selectors.checks import CHECKS
from vendors.services import decisions, documents, requirements

pytestmark = pytest.mark.django_db


def status(vendor, place=0):
    return checklist(vendor).rows[place].status


@pytest.mark.parametrize(
    ("name", "number", "change"),
    [
        ("summary", 1, {"summary": "We weave."}),
        ("story", 10, {"story": "We weave together."}),
        ("members", 3, {"member_count": 3}),
        ("households", 2, {"household_count": 2}),
        ("contact", 1, {"phone": "+97517123456"}),
        ("address", 1, {"address": "Khoma"}),
        ("registration_number", 1, {"registration_number": "14"}),
        ("food_licence", 1, {"food_licence": "BFDA 1"}),
    ],
)
def test_what_is_counted_of_the_group_itself(name, number, change):
    RequirementFactory(check_name=name, number=number)

    assert status(VendorFactory(draft=True)) == Status.OPEN
    assert status(VendorFactory(draft=True, **change)) == Status.DONE


def test_what_is_counted_of_its_rows():
    for name in ("photos", "people", "contact", "payout_details"):
        RequirementFactory(check_name=name, number=2 if name == "people" else 1)
    vendor = VendorFactory(draft=True)
    MembershipFactory(vendor=vendor)
    GroupPhotoFactory(vendor=vendor)
    GroupPersonFactory(vendor=vendor)
    GroupPersonFactory(vendor=vendor, consented_at=None)

    rows = checklist(vendor).rows

    assert [row.status for row in rows] == ["done", "open", "done", "open"]
    assert rows[1].count_words == "1 of 2"
    assert "payout_details" in CHECKS


def test_requirement_of_another_kind_of_group_is_not_asked():
    RequirementFactory(kinds=["cooperative"])
    RequirementFactory(is_active=False)

    assert checklist(VendorFactory(draft=True)).rows == []
    assert len(checklist(VendorFactory(draft=True, kind="cooperative")).rows) == 1


def test_attested_by_name_once():
    asked, vendor, chair = RequirementFactory(attested=True), VendorFactory(draft=True), PersonFactory()

    assert requirements.attest(vendor, asked, actor=chair, name=" Sangay  Dema ")
    assert not requirements.attest(vendor, asked, actor=chair, name="Somebody else")

    row = checklist(vendor).rows[0]
    assert (row.status, row.who, row.mark.actor) == (Status.DONE, "Sangay Dema", chair)
    assert RequirementMark.objects.count() == 1


def test_paper_waits_until_staff_have_looked_at_it():
    asked, vendor, officer = RequirementFactory(verified=True), VendorFactory(applied=True), PersonFactory()
    with pytest.raises(ApplicationError):
        requirements.verify(vendor, asked, actor=officer)
    assert status(vendor) == Status.OPEN

    paper = GroupDocumentFactory(vendor=vendor)
    assert status(vendor) == Status.WAITING
    requirements.verify(vendor, asked, actor=officer)

    row = checklist(vendor).rows[0]
    assert (row.status, row.mark.document, row.who) == (Status.DONE, paper, officer.name)


def test_paper_of_another_group_proves_nothing():
    asked, vendor = RequirementFactory(verified=True), VendorFactory(applied=True)
    foreign = GroupDocumentFactory()

    with pytest.raises(ApplicationError):
        requirements.verify(vendor, asked, actor=PersonFactory(), document=foreign)

    assert not RequirementMark.objects.exists()


def test_waived_with_a_reason_only_and_taken_back():
    asked, vendor, moderator = RequirementFactory(), VendorFactory(applied=True), PersonFactory()
    with pytest.raises(ReasonMissing):
        requirements.waive(vendor, asked, actor=moderator, reason=" ")
    assert status(vendor) == Status.OPEN

    requirements.waive(vendor, asked, actor=moderator, reason="A school without a phone.")
    assert status(vendor) == Status.WAIVED

    requirements.take_back(vendor, asked, actor=moderator)
    assert status(vendor) == Status.OPEN
    assert not requirements.take_back(vendor, asked, actor=moderator)
    assert list(RequirementMark.objects.values_list("action", flat=True)) == ["waived", "taken_back"]


def test_nothing_is_said_about_a_closed_group():
    with pytest.raises(NotNow):
        requirements.attest(
            VendorFactory(closed=True), RequirementFactory(attested=True), actor=PersonFactory(), name="X"
        )


def test_handing_in_names_the_gaps_and_changes_nothing():
    RequirementFactory()
    RequirementFactory(check_name="photos", is_required=False)
    RequirementFactory(verified=True)
    vendor = VendorFactory(draft=True)

    with pytest.raises(ApplicationIncomplete) as refused:
        decisions.submit(vendor, actor=PersonFactory())

    assert refused.value.gaps == ["One line about your group", "Identity card of the chair"]
    vendor.refresh_from_db()
    assert (vendor.state, vendor.submitted_at, vendor.events.count()) == ("draft", None, 0)


def test_what_waits_for_the_office_does_not_hold_up_handing_in_but_approval():
    RequirementFactory(verified=True)
    vendor, moderator = VendorFactory(draft=True), PersonFactory()
    GroupDocumentFactory(vendor=vendor)

    decisions.submit(vendor, actor=moderator)
    assert vendor.submitted_at is not None
    with pytest.raises(RequirementsOpen) as refused:
        decisions.approve(vendor, actor=moderator)
    assert refused.value.gaps == ["Identity card of the chair"]

    requirements.verify(vendor, Requirement.objects.get(), actor=moderator)
    assert decisions.approve(vendor, actor=moderator)


def test_waived_requirement_does_not_stand_against_approval():
    asked, vendor, moderator = RequirementFactory(), VendorFactory(applied=True), PersonFactory()
    requirements.waive(vendor, asked, actor=moderator, reason="Known for years.")

    assert decisions.approve(vendor, actor=moderator)


def test_programme_begins_with_a_checklist_and_keeps_its_own():
    assert requirements.create_requirements() == 14
    Requirement.objects.exclude(check_name="summary").delete()

    assert requirements.create_requirements() == 0
    assert all(row.words for row in checklist(VendorFactory(draft=True)).rows)


def test_every_requirement_of_the_beginning_has_words_and_every_count_is_known():
    requirements.create_requirements()

    for requirement in Requirement.objects.all():
        vendor = VendorFactory.build(kind=(requirement.kinds or ["artisan"])[0])
        assert vendor.kind
        if requirement.basis == Requirement.Basis.COMPUTED:
            assert requirement.check_name in CHECKS


def test_checklist_takes_as_many_queries_for_many_requirements(django_assert_num_queries):
    RequirementFactory(verified=True)
    vendor = VendorFactory(draft=True)
    with django_assert_num_queries(6):
        checklist(vendor)

    RequirementFactory.create_batch(9, attested=True)

    with django_assert_num_queries(6):
        checklist(vendor)


def unlocked(meet):
    """decisions._lock without its lock, at the worst moment: both have read the row before either writes."""

    def read(vendor, *, sources, target):
        row = Partner.objects.get(pk=vendor.pk)
        meet.wait(timeout=30)
        return row

    return read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_locked", "made"), [(True, 1), (False, 2)], ids=["guarded", "control"])
def test_two_moderators_who_decide_at_once_come_to_one_decision(is_locked, made, monkeypatch):
    vendor = VendorFactory(applied=True)
    moderators = [PersonFactory(), PersonFactory()]
    calls = [
        lambda: decisions.approve(vendor, actor=moderators[0]),
        lambda: decisions.return_with_remarks(vendor, actor=moderators[1], reason="A phone number, please."),
    ]
    if not is_locked:
        monkeypatch.setattr(decisions, "_lock", unlocked(threading.Barrier(2)))

    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert vendor.events.count() == made == outcomes.count(None)
    if is_locked:
        assert {type(each).__name__ for each in outcomes} == {"IllegalTransition", "NoneType"}


@pytest.mark.django_db(transaction=True)
def test_a_paper_taken_away_while_staff_verify_it_is_kept_or_proves_nothing(monkeypatch):
    asked, vendor, officer = RequirementFactory(verified=True), VendorFactory(applied=True), PersonFactory()
    paper = GroupDocumentFactory(vendor=vendor)
    is_found, mark = threading.Event(), requirements._mark

    def slowly(*args, **kwargs):
        is_found.set()
        pause()
        return mark(*args, **kwargs)

    def take_away():
        assert is_found.wait(timeout=30)
        documents.remove_document(paper)

    monkeypatch.setattr(requirements, "_mark", slowly)
    calls = [lambda: requirements.verify(vendor, asked, actor=officer), take_away]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert [type(each).__name__ for each in outcomes if each] == ["ApplicationError"]
    assert RequirementMark.objects.filter(document=paper).count() == GroupDocument.objects.count()

"""Applications: begun once, filled in with gaps, for oneself or on behalf of a group."""

import pytest

from notices.models import Notice
from people.models import User
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import pausing, race
from vendors.errors import ApplicationError, FactLocked, NotNow, TooManyDrafts
from vendors.models import Membership, Partner
from vendors.services import applications
from vendors.services.applications import Beginning, GroupFacts, begin, begin_on_behalf, update_facts
from vendors.services.story import update_story

pytestmark = pytest.mark.django_db


def beginning(key="k1", **changes):
    values = {
        "key": key,
        "name": "Khoma weavers",
        "kind": "producer_group",
        "region": changes.pop("region", None) or RegionFactory(),
    }
    return Beginning(**values | changes)


def facts(vendor, **changes):
    names = GroupFacts.__dataclass_fields__
    return GroupFacts(**{name: getattr(vendor, name) for name in names} | changes)


def test_applicant_becomes_the_chair_of_a_draft_that_nobody_sees():
    person = PersonFactory(phone_only=True)

    vendor = begin(beginning(name="  Khoma   weavers "), applicant=person)

    assert (vendor.name, vendor.code, vendor.state) == ("Khoma weavers", "khoma-weavers", "draft")
    assert vendor.memberships.get().user == person
    assert vendor.memberships.get().role == Membership.Role.CHAIR
    event = vendor.events.get()
    assert (event.to_state, event.actor, event.on_behalf_of) == ("draft", person, "")
    assert not Partner.objects.public().exists()


def test_form_sent_twice_begins_one_group():
    person, asked = PersonFactory(), beginning()

    first, second = begin(asked, applicant=person), begin(asked, applicant=person)

    assert first == second
    assert Partner.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("keys", "groups"), [(["one"] * 4, 1), (["a", "b", "c", "d"], 4)], ids=["guarded", "control"]
)
def test_form_sent_four_times_at_once_begins_one_group(keys, groups):
    person, region = PersonFactory(), RegionFactory()
    left = list(keys)

    outcomes = race(
        lambda: begin(beginning(left.pop(), region=region, name=f"Group {len(left)}"), applicant=person),
        contenders=4,
    )

    assert outcomes == [None] * 4
    assert Partner.objects.count() == groups


@pytest.mark.django_db(transaction=True)
def test_two_groups_of_one_name_begun_at_the_same_moment_have_two_addresses(monkeypatch):
    people, region = [PersonFactory(), PersonFactory()], RegionFactory()
    monkeypatch.setattr(applications, "_free_code", pausing(applications._free_code))

    outcomes = race(
        lambda: begin(beginning("one", region=region, name="Khoma"), applicant=people.pop()), contenders=2
    )

    assert outcomes == [None, None]
    assert {code[:5] for code in Partner.objects.values_list("code", flat=True)} == {"khoma"}
    assert Partner.objects.count() == Membership.objects.count() == 2


def test_key_of_another_person_opens_nobody_elses_group():
    theirs = begin(beginning(), applicant=PersonFactory())

    mine = begin(beginning(), applicant=PersonFactory())

    assert mine != theirs


def test_name_in_another_script_gets_an_address():
    vendor = begin(beginning(name="ཁོ་མ་ཐག་མཁན།"), applicant=PersonFactory())

    assert vendor.code.startswith("group-")
    assert len(vendor.code) == len("group-") + 6


def test_same_name_twice_has_two_addresses():
    VendorFactory(code="khoma-weavers")

    vendor = begin(beginning(), applicant=PersonFactory())

    assert vendor.code.startswith("khoma-weavers-")


def test_sixth_draft_of_one_person_is_refused():
    person, region = PersonFactory(), RegionFactory()
    for number in range(applications.MOST_DRAFTS):
        begin(beginning(f"k{number}", region=region), applicant=person)

    with pytest.raises(TooManyDrafts):
        begin(beginning("one more", region=region), applicant=person)

    assert Partner.objects.count() == applications.MOST_DRAFTS


def test_whole_country_is_no_home():
    country = RegionFactory().parent.parent

    with pytest.raises(ApplicationError) as refused:
        begin(beginning(region=country), applicant=PersonFactory())

    assert refused.value.field == "place"
    assert not Partner.objects.exists()


def test_officer_begins_for_somebody_without_an_account():
    officer = PersonFactory(officer=True)

    vendor = begin_on_behalf(
        beginning(), officer=officer, chair_name="Sangay Dema", chair_contact="17 12 34 56"
    )

    chair = vendor.memberships.get().user
    assert (chair.name, chair.phone, chair.email) == ("Sangay Dema", "+97517123456", None)
    assert not chair.has_usable_password()
    event = vendor.events.get()
    assert (event.actor, event.on_behalf_of) == (officer, "Sangay Dema")
    assert not vendor.memberships.filter(user=officer).exists()
    notice = Notice.objects.get()
    assert (notice.kind, notice.address) == ("group_begun", "+97517123456")


def test_officer_begins_for_somebody_who_has_an_account():
    known = PersonFactory(email="sangay@example.org", name="Sangay")

    vendor = begin_on_behalf(
        beginning(),
        officer=PersonFactory(officer=True),
        chair_name="S. Dema",
        chair_contact=" Sangay@Example.org",
    )

    known.refresh_from_db()
    assert vendor.memberships.get().user == known
    assert known.name == "Sangay"


@pytest.mark.parametrize(
    ("name", "contact", "field"),
    [
        ("", "17123456", "chair_name"),
        ("Sangay", "seventeen", "chair_contact"),
        ("Sangay", "a@", "chair_contact"),
    ],
)
def test_chair_whom_nobody_can_reach_is_refused(name, contact, field):
    officer = PersonFactory(officer=True)
    before = User.objects.count()

    with pytest.raises(ApplicationError) as refused:
        begin_on_behalf(beginning(), officer=officer, chair_name=name, chair_contact=contact)

    assert refused.value.field == field
    assert User.objects.count() == before
    assert not Partner.objects.exists()


def test_facts_are_kept_with_gaps():
    vendor = VendorFactory(draft=True)

    update_facts(vendor, facts(vendor, registration_number="LH-14", member_count=24))

    vendor.refresh_from_db()
    assert (vendor.registration_number, vendor.member_count, vendor.household_count) == ("LH-14", 24, None)


@pytest.mark.parametrize("change", [{"name": "Other"}, {"kind": "artisan"}, {"registration_number": "9"}])
def test_what_the_office_has_looked_at_is_not_changed_afterwards(change):
    vendor = VendorFactory(applied=True)

    with pytest.raises(FactLocked):
        update_facts(vendor, facts(vendor, **change, phone="+97517123456"))
    with pytest.raises(FactLocked):
        applications.choose_place(vendor, RegionFactory())
    update_facts(vendor, facts(vendor, phone="+97517123456"))

    vendor.refresh_from_db()
    assert vendor.phone == "+97517123456"
    assert all(getattr(vendor, name) != value for name, value in change.items())


def test_closed_group_writes_nothing_any_more():
    vendor = VendorFactory(closed=True, story="")

    with pytest.raises(NotNow):
        update_story(vendor, summary="", story="We are still here.")

    vendor.refresh_from_db()
    assert vendor.story == ""

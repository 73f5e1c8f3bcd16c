"""Who may decide is told that a nomination waits, once and not for each; who proposed it is told what became of it."""

from datetime import timedelta

import pytest

from marketplace.lib.dates import today_in
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from regions.models import Nomination
from regions.services import committee, nomination_notices, nominations
from regions.services import nomination_decisions as decisions
from regions.services.nomination_rules import Decision
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.regions.given_nominations import office, officer
from tests.regions.test_committee import met, recommended
from tests.regions.test_nomination_moves import revise

__all__ = ["office"]

pytestmark = pytest.mark.django_db
DAY = today_in("BT") + timedelta(days=30)


def told(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("person", flat=True))


def test_who_decides_nearest_is_told_of_each_step_and_the_proposer_what_became_of_it(office):
    officer(office.gewog.parent)
    PersonFactory(moderator=True)
    row = office.propose()
    assert told("nomination_waits") == [office.recommender.pk]

    decisions.recommend(row, actor=office.recommender, version=1, remarks="Good")
    decisions.send_back(row, actor=office.approver, version=1, remarks="Which forest?")
    revise(row, office)
    decisions.recommend(row, actor=office.recommender, version=2)
    decisions.approve(row, actor=office.approver, version=2, effective_on=DAY)

    assert set(told("nomination_waits")) == {office.recommender.pk, office.approver.pk}
    for kind, count in (("recommended", 2), ("returned", 1), ("approved", 1), ("refused", 0)):
        assert told(f"nomination_{kind}") == [office.proposer.pk] * count
    notice = Notice.objects.get(kind="nomination_returned")
    assert notice.context["note"] == "Which forest?"
    assert notice.context["link"].endswith(f"/regions/nomination/{row.pk}/change/")
    assert str(DAY.year) in Notice.objects.get(kind="nomination_approved").context["on"]


def test_what_is_refused_or_sent_twice_tells_nobody(office):
    row = office.propose(key="k")
    decisions.refuse(row, actor=office.approver, version=1, remarks="No")
    before = Notice.objects.count()

    office.propose(key="k")
    decisions.refuse(row, actor=office.approver, version=1, remarks="No")
    with pytest.raises(IllegalTransition):
        decisions.recommend(row, actor=office.recommender, version=1)

    assert Notice.objects.count() == before
    assert told("nomination_refused") == [office.proposer.pk]


def test_many_at_once_are_no_flood_and_the_next_one_is_told_of_when_the_first_is_decided(office):
    rows = [office.propose(f"Honey {number}") for number in range(5)]
    assert told("nomination_waits") == [office.recommender.pk]

    for row in rows:
        decisions.send_back(row, actor=office.recommender, version=1, remarks="Why?")
    office.propose("Tea")

    assert told("nomination_waits") == [office.recommender.pk] * 2


def test_places_and_schemes_are_told_of_each_for_itself(office):
    there = RegionFactory()
    other = officer(there.parent, decides=True)
    office.propose()
    office.propose("Tea", region=there, actor=officer(there))

    assert told("nomination_waits") == [office.recommender.pk, other.pk]


def test_who_had_a_hand_in_it_is_not_told_and_staff_with_the_right_are_where_nobody_else_decides(office):
    boss, chief = PersonFactory(moderator=True), PersonFactory(moderator=True)
    PersonFactory(finance=True)
    PersonFactory(staff=True)
    office.approver.region_roles.all().delete()
    office.recommender.region_roles.all().delete()
    row = office.propose(actor=boss)
    assert told("nomination_waits") == [chief.pk]

    decisions.recommend(row, actor=chief, version=1)

    assert told("nomination_waits") == [chief.pk]
    assert told("nomination_recommended") == [boss.pk]


def test_no_more_than_some_are_told(office, monkeypatch):
    monkeypatch.setattr(nomination_notices, "MOST_TOLD", 3)
    for _each in range(5):
        officer(office.gewog.parent, decides=True)

    office.propose()

    assert len(told("nomination_waits")) == 3


def test_a_meeting_tells_each_proposer_once_in_her_or_his_language(office, monkeypatch):
    monkeypatch.setattr(nomination_notices, "MOST_NAMED", 2)
    rows = recommended(office, 3)
    other = NominationFactory(to_the_centre=True, proposed_by__preferred_language="hi")
    before = Notice.objects.count()
    meeting = met(office)
    wanted = {row.pk: Decision("approved", 1, "Well\ndone", DAY) for row in rows}
    wanted[other.pk] = Decision("refused", 1, "No")

    for _each in range(2):
        committee.decide_many(meeting, wanted, actor=office.approver)

    assert Notice.objects.count() == before + 2
    own = Notice.objects.get(person=office.proposer, kind="nominations_decided")
    theirs = Notice.objects.get(person=other.proposed_by)
    assert own.context["count"] == "3"
    lines = own.context["decided"].splitlines()
    assert lines[0].startswith(f"{rows[0].name} ({office.gewog.name}): approved, from ")
    assert lines[0].endswith(". Well done")
    assert lines[2:] == ["and 1 more"]
    assert theirs.language == "hi"
    assert other.name in theirs.context["decided"]


def test_withdrawn_by_the_place_itself_nobody_is_told(office):
    row = office.propose()
    before = Notice.objects.count()

    nominations.withdraw(row, actor=office.proposer, version=1)

    assert Nomination.objects.get().state == "withdrawn"
    assert Notice.objects.count() == before

"""The centre approves from a day on: the product is named, what it replaces ends; once, and by nobody who spoke before."""

from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest

from marketplace.lib.dates import today_in
from marketplace.lib.states import IllegalTransition
from regions.errors import NominationError, NominationMoved, NotYourPlace, OwnNomination, OwnRecommendation
from regions.models import IdentifiedProduct, Nomination
from regions.models.schemes import IdentifiedProductQuerySet
from regions.services import nomination_decisions as decisions
from regions.services import nominations
from regions.services.nomination_rules import facts_about
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.regions.given_nominations import Office, office, officer
from tests.regions.test_nomination_moves import as_it_stands, revise, unguarded
from tests.regions.test_nominations import put_back, without_index
from tests.support.race import race

__all__ = ["office"]

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The day on which all of this happens."""
    monkeypatch.setattr("regions.services.nomination_rules.today_in", lambda country: date(2026, 3, 1))


def recommended(office, name="Forest honey", **said):
    row = office.propose(name, **said)
    decisions.recommend(row, actor=office.recommender, version=1)
    return row


def approve(office, row, *, actor=None, version=1, day=DAY, remarks=""):
    return decisions.approve(
        row, actor=actor or office.approver, version=version, effective_on=day, remarks=remarks
    )


def products():
    return list(IdentifiedProduct.objects.order_by("pk").values())


def test_from_the_day_on_it_is_a_product_of_the_place(office):
    row = recommended(office)

    assert approve(office, row, remarks=" Well done ")

    product = IdentifiedProduct.objects.get()
    assert (row.state, row.approved_by, row.effective_on) == ("approved", office.approver, DAY)
    assert (product.scheme, product.region) == (office.scheme, office.gewog)
    assert (product.name, product.category, product.named_on) == ("Forest honey", "Food", DAY)
    assert (product.nomination, product.ended_on, product.replaced_by) == (row, None, None)
    assert product.source == f"Nomination {row.pk}, approved by {office.country.name}"
    assert row.events.latest("pk").reason == "Well done"


def test_what_it_replaces_ends_on_that_day_and_names_its_successor(office):
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, named_on=date(2020, 1, 1))
    other = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    row = recommended(office, replaces=old)

    approve(office, row)

    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.ended_on, old.replaced_by, old.named_on) == (DAY, row.product, date(2020, 1, 1))
    assert (other.ended_on, other.replaced_by) == (None, None)


def test_what_has_ended_is_named_again(office):
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="Honey")
    approve(office, recommended(office, "Tea", replaces=old))
    tea = IdentifiedProduct.objects.get(name="Tea")

    approve(office, recommended(office, "Honey", replaces=tea), day=date(2026, 5, 1))

    rows = IdentifiedProduct.objects.order_by("pk").values_list("name", "named_on", "ended_on")
    assert list(rows) == [
        ("Honey", None, DAY),
        ("Tea", DAY, date(2026, 5, 1)),
        ("Honey", date(2026, 5, 1), None),
    ]


def test_without_a_level_that_recommends_the_centre_approves_at_once(office):
    row = NominationFactory(region=office.gewog, to_the_centre=True)

    assert approve(office, row)
    assert row.product.name == row.name


def test_nothing_is_approved_that_nobody_recommended(office):
    row = office.propose()

    with pytest.raises(NominationError, match="has not recommended this yet"):
        approve(office, row)

    assert products() == []


@pytest.mark.parametrize("state", ["returned", "refused", "withdrawn"])
def test_what_does_not_wait_is_not_approved(office, state):
    row = office.propose()
    Nomination.objects.filter(pk=row.pk).update(state=state)
    before = as_it_stands(row)

    with pytest.raises(IllegalTransition):
        approve(office, row)

    assert (as_it_stands(row), products()) == (before, [])


def test_approved_twice_it_is_named_once_and_others_hear_that_they_came_late(office):
    row = recommended(office)
    approve(office, row)
    before = as_it_stands(row), products()
    again = Nomination.objects.get(pk=row.pk)

    assert not approve(office, again)
    for late in (
        partial(approve, office, again, day=date(2026, 5, 1)),
        partial(approve, office, again, actor=PersonFactory(moderator=True)),
        partial(decisions.refuse, again, actor=office.approver, version=1, remarks="No"),
        partial(decisions.send_back, again, actor=office.approver, version=1, remarks="Why?"),
        partial(nominations.withdraw, again, actor=office.proposer, version=1),
    ):
        with pytest.raises(IllegalTransition):
            late()

    assert (as_it_stands(row), products()) == before


def test_who_proposed_or_recommended_any_version_does_not_approve(office):
    boss, chief = PersonFactory(moderator=True), PersonFactory(moderator=True)
    row = office.propose(actor=boss)
    decisions.recommend(row, actor=chief, version=1)
    decisions.send_back(row, actor=office.approver, version=1, remarks="Why?")
    revise(row, office)
    decisions.recommend(row, actor=office.recommender, version=2)

    with pytest.raises(OwnNomination):
        approve(office, row, actor=boss, version=2)
    with pytest.raises(OwnRecommendation):
        approve(office, row, actor=chief, version=2)
    with pytest.raises(NominationMoved):
        approve(office, row)

    assert products() == []
    assert approve(office, row, version=2)


def test_only_the_centre_approves(office):
    row = recommended(office)
    for person in (
        office.proposer,
        office.recommender,
        officer(office.country),
        officer(office.gewog.parent, decides=True),
        PersonFactory(finance=True),
        PersonFactory(),
    ):
        with pytest.raises(NotYourPlace):
            approve(office, row, actor=person)

    assert products() == []
    assert approve(office, row, actor=PersonFactory(moderator=True))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "Say from which day"),
        (date(206, 4, 1), "Check the year"),
        (date(2027, 4, 1), "Check the year"),
        (date.max, "Check the year"),
        (date(2025, 12, 31), "Choose a later day"),
        (date(2026, 1, 1), "Choose a later day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(office, day, words):
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, named_on=date(2026, 1, 1))
    row = recommended(office, replaces=old)
    before = as_it_stands(row), products()

    with pytest.raises(NominationError, match=words) as refused:
        approve(office, row, day=day)

    assert refused.value.field == "effective_on"
    assert (as_it_stands(row), products()) == before


def test_what_was_named_or_has_ended_meanwhile_is_refused_and_can_be_returned(office):
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    row = recommended(office, "Tea", replaces=old)
    twin = recommended(office, "Silk")
    IdentifiedProduct.objects.filter(pk=old.pk).update(ended_on="2026-02-01")
    IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="SILK")
    before = as_it_stands(row), as_it_stands(twin), products()

    with pytest.raises(NominationError, match="has an end already"):
        approve(office, row)
    with pytest.raises(NominationError, match="already a product"):
        approve(office, twin)

    assert (as_it_stands(row), as_it_stands(twin), products()) == before
    for each in (row, twin):
        assert decisions.send_back(each, actor=office.approver, version=1, remarks="Look at the list")


def test_a_place_that_proposes_no_more_is_not_approved_but_refused(office):
    row = recommended(office)
    office.gewog.ended_on = "2026-01-01"
    office.gewog.save()

    with pytest.raises(NominationError, match="does not propose to"):
        approve(office, row)

    assert products() == []
    assert decisions.refuse(row, actor=office.approver, version=1, remarks="The place has ended")


def test_the_day_is_that_of_the_country(office, monkeypatch):
    monkeypatch.setattr("regions.services.nomination_rules.today_in", today_in)
    row = recommended(office)

    assert approve(office, row, day=today_in("BT") + timedelta(days=366))


def test_a_decision_asks_the_same_number_of_queries_however_long_the_history(
    office, django_assert_max_num_queries
):
    row = recommended(office)
    for version in range(1, 6):
        decisions.send_back(row, actor=office.approver, version=version, remarks="Why?")
        revise(row, office, key=f"v{version}", version=version)
        decisions.recommend(row, actor=office.recommender, version=version + 1)

    with django_assert_max_num_queries(30):
        approve(office, row, version=6)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.parametrize("against", ["withdrawn", "returned"])
@pytest.mark.django_db(transaction=True)
def test_beside_another_move_it_is_approved_with_its_product_or_not_at_all(guarded, against, monkeypatch):
    office = Office()
    row = recommended(office)
    if not guarded:
        meeting = Barrier(2)
        for module in (decisions, nominations):
            monkeypatch.setattr(module, "lock_nomination", unguarded(meeting))
    acts = {
        "withdrawn": partial(nominations.withdraw, actor=office.proposer, version=1),
        "returned": partial(decisions.send_back, actor=office.approver, version=1, remarks="Why?"),
    }
    order = iter([partial(approve, office), acts[against]])

    outcomes = race(lambda: next(order)(Nomination.objects.get(pk=row.pk)), contenders=2)

    row.refresh_from_db()
    # Without the lock nobody hears that it was moved: one writes over the other, or against the table's constraints.
    assert sum(isinstance(outcome, IllegalTransition) for outcome in outcomes) == (1 if guarded else 0)
    if guarded:
        assert row.events.count() == 3
        assert IdentifiedProduct.objects.exists() == (row.state == "approved")


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_hears_that_it_is_done_and_one_product_is_named(guarded, monkeypatch):
    office = Office()
    row = recommended(office)
    if not guarded:
        monkeypatch.setattr(decisions, "lock_nomination", unguarded(Barrier(2)))
    people = iter([office.approver, PersonFactory(moderator=True)])

    outcomes = race(
        lambda: approve(office, Nomination.objects.get(pk=row.pk), actor=next(people)), contenders=2
    )

    # Without the row's lock the unique key of the product is what is left.
    refusal = IllegalTransition if guarded else NominationError
    assert sum(isinstance(outcome, refusal) for outcome in outcomes) == 1
    assert IdentifiedProduct.objects.count() == 1
    assert row.events.count() == 3


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_two_that_replace_the_same_at_once_one_is_approved(guarded, monkeypatch):
    """Two such cannot both be open; without the index that says so, the lock of the replaced product is what is left."""
    office = Office()
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    definition = without_index("nomination_replaces_once")
    try:
        rows = [recommended(office, name) for name in ("Tea", "Silk")]
        Nomination.objects.update(replaces=old)
        if not guarded:
            monkeypatch.setattr(
                IdentifiedProductQuerySet, "select_for_update", lambda self, **kwargs: self.all()
            )
            monkeypatch.setattr(decisions, "facts_about", slow_facts(Barrier(2)))
        order = iter(rows)

        outcomes = race(lambda: approve(office, next(order)), contenders=2)

        named = 1 if guarded else 2
        assert sum(isinstance(outcome, NominationError) for outcome in outcomes) == 2 - named
        assert IdentifiedProduct.objects.exclude(pk=old.pk).count() == named
        assert Nomination.objects.filter(state="approved").count() == named
    finally:
        IdentifiedProduct.objects.update(replaced_by=None, nomination=None)
        put_back(definition)


def slow_facts(meeting):
    """What other tables say, decided upon when everybody has read it."""

    def read(rows):
        found = facts_about(rows)
        meeting.wait(timeout=30)
        return found

    return read

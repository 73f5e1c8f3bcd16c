"""Open nominations where places are merged, split or moved: they follow, stay behind with a reason, or are refused in words."""

from threading import Event

import pytest
from django.db import transaction

from notices.models import Notice
from regions.errors import NominationError
from regions.models import IdentifiedProduct, Nomination, Region, RegionChange, Scheme
from regions.services import committee, nominations
from regions.services import nomination_decisions as decisions
from regions.services.holders import HOLDERS, names_changed
from regions.services.nomination_rules import Decision, facts_about
from regions.services.placing import follow_mergers, place_rows, waiting_at
from regions.services.reference_data import load
from regions.services.settling import settling
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.regions.given_nominations import Office, office, officer
from tests.regions.test_committee import met
from tests.support.race import pause, race

__all__ = ["office"]

pytestmark = pytest.mark.django_db


def merge(old, new):
    old.ended_on = "2026-02-03"
    old.save()
    RegionChange.objects.create(kind="merged", on="2026-02-03", place=old, successor=new, source="test")
    follow_mergers()
    return follow_mergers()


def test_after_a_merger_it_waits_for_those_above_the_new_place(office):
    new = RegionFactory()
    old_product = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    row = office.propose(replaces=old_product)
    done = office.propose("Tea")
    nominations.withdraw(done, actor=office.proposer, version=1)

    assert merge(office.gewog, new) == 0

    row.refresh_from_db()
    done.refresh_from_db()
    assert (row.region, row.recommending_region, row.state) == (new, new.parent, "proposed")
    assert done.region == office.gewog
    above = officer(new.parent, decides=True)
    assert decisions.recommend(row, actor=above, version=1)
    assert decisions.approve(row, actor=office.approver, version=1, effective_on=row.handed_in_at.date())
    assert (row.product.region, row.product.scheme) == (new, office.scheme)
    old_product.refresh_from_db()
    assert old_product.replaced_by == row.product


def test_what_was_recommended_stays_recommended_by_who_did_so(office):
    new = RegionFactory()
    row = office.propose()
    decisions.recommend(row, actor=office.recommender, version=1)

    merge(office.gewog, new)

    row.refresh_from_db()
    assert (row.region, row.recommending_region, row.state) == (new, office.gewog.parent, "recommended")


def test_where_both_places_propose_the_same_that_of_the_ended_one_is_withdrawn_and_its_proposer_told(office):
    new = RegionFactory(name="Jaray")
    row = office.propose()
    theirs = NominationFactory(region=new, scheme=office.scheme, name="FOREST-honey")

    merge(office.gewog, new)

    row.refresh_from_db()
    theirs.refresh_from_db()
    assert (row.state, row.region, theirs.state) == ("withdrawn", office.gewog, "proposed")
    event = row.events.latest("pk")
    assert (event.actor, event.version) == (None, 1)
    assert "Jaray" in event.reason
    notice = Notice.objects.get(kind="nomination_ended")
    assert (notice.person, notice.context["place"]) == (office.proposer, office.gewog.name)


def test_what_replaces_a_product_that_both_places_have_replaces_the_one_that_goes_on(office):
    new = RegionFactory()
    ours, same = (
        IdentifiedProductFactory(scheme=office.scheme, region=place, name="Ginger")
        for place in (office.gewog, new)
    )
    row = office.propose(replaces=ours)

    merge(office.gewog, new)

    row.refresh_from_db()
    assert (row.replaces, row.versions.get().replaces, row.region) == (same, ours, new)


def test_two_that_come_to_replace_the_same_are_one(office):
    new = RegionFactory()
    ours, same = (
        IdentifiedProductFactory(scheme=office.scheme, region=place, name="Ginger")
        for place in (office.gewog, new)
    )
    row = office.propose(replaces=ours)
    theirs = NominationFactory(region=new, scheme=office.scheme, replaces=same)

    merge(office.gewog, new)

    row.refresh_from_db()
    theirs.refresh_from_db()
    assert (row.state, row.replaces, theirs.state) == ("withdrawn", ours, "proposed")
    assert Notice.objects.filter(kind="nomination_ended", person=office.proposer).exists()


def test_after_a_split_staff_say_where_it_goes_and_its_product_elsewhere_is_refused_in_words(office):
    one, two = RegionFactory.create_batch(2, parent=office.gewog.parent)
    product = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    row = office.propose(replaces=product)
    decisions.recommend(row, actor=office.recommender, version=1)
    office.gewog.ended_on = "2026-02-03"
    office.gewog.save()
    for part in (one, two):
        RegionChange.objects.create(
            kind="split", on="2026-02-03", place=office.gewog, successor=part, source="test"
        )
    boss = PersonFactory(moderator=True)
    assert waiting_at(office.gewog)["nomination"] == [row]

    for _each in range(2):
        place_rows(office.gewog, one, {"nomination": [row.pk]}, actor=boss, reason="Decided")
    place_rows(office.gewog, two, {"product": [product.pk]}, actor=boss, reason="Decided")

    row.refresh_from_db()
    assert (row.region, row.state) == (one, "recommended")
    with pytest.raises(NominationError, match="is no product of"):
        decisions.approve(row, actor=office.approver, version=1, effective_on=row.handed_in_at.date())
    assert decisions.send_back(row, actor=office.approver, version=1, remarks="Ginger is elsewhere")


def test_moved_under_another_place_it_waits_for_that_one(office):
    other = RegionFactory(dzongkhag=True)
    row = office.propose()
    recommended = office.propose("Tea")
    decisions.recommend(recommended, actor=office.recommender, version=1)
    Region.objects.filter(pk=office.gewog.pk).update(parent=other, path=f"{other.path}{office.gewog.code}/")

    names_changed([Region.objects.get(pk=office.gewog.pk)])

    row.refresh_from_db()
    recommended.refresh_from_db()
    assert row.recommending_region == other
    assert recommended.recommending_region == office.gewog.parent


def test_a_load_of_the_register_moves_them(shipped, data_copy):
    load(shipped)
    khoma, jaray = (Region.objects.get(code=code) for code in ("BT-44-KHOMA", "BT-44-JAREY"))
    scheme = Scheme.objects.get(code="OGOP")
    row = NominationFactory(region=khoma, scheme=scheme)
    data_copy.remove("map_tiles.csv", {"code": khoma.code})
    data_copy.change("2026-02-03", "merged", khoma.code, jaray.code)

    load(data_copy.directory)
    load(data_copy.directory, compare=True)

    row.refresh_from_db()
    assert (row.region, row.recommending_region) == (jaray, jaray.parent)
    assert list(HOLDERS)[:3] == ["product", "role", "nomination"]
    assert IdentifiedProduct.objects.filter(nomination__isnull=False).count() == 0
    assert Nomination.objects.get().versions.count() == 1


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.parametrize("by_committee", [False, True], ids=["one", "many"])
@pytest.mark.django_db(transaction=True)
def test_what_is_approved_while_its_place_is_merged_goes_along(guarded, by_committee, monkeypatch):
    office = Office()
    new = RegionFactory()
    row = office.propose()
    decisions.recommend(row, actor=office.recommender, version=1)
    meeting = met(office)
    has_read = Event()

    def slow_facts(rows):
        found = facts_about(rows)
        has_read.set()
        pause()
        return found

    for module in (decisions, committee):
        monkeypatch.setattr(module, "facts_about", slow_facts)
        if not guarded:
            monkeypatch.setattr(module, "share_lock", lambda: None)

    def approve():
        day = row.handed_in_at.date()
        if by_committee:
            wanted = {row.pk: Decision("approved", 1, "", day)}
            assert committee.decide_many(meeting, wanted, actor=office.approver).decided
        else:
            assert decisions.approve(row, actor=office.approver, version=1, effective_on=day)

    def merge_places():
        assert has_read.wait(timeout=30)
        with transaction.atomic(), settling():
            Region.objects.filter(pk=office.gewog.pk).update(ended_on="2026-02-03")
            RegionChange.objects.create(
                kind="merged", on="2026-02-03", place=office.gewog, successor=new, source="test"
            )

    order = iter([approve, merge_places])
    outcomes = race(lambda: next(order)(), contenders=2)

    assert outcomes == [None, None]
    product = IdentifiedProduct.objects.get()
    assert product.region == (new if guarded else office.gewog)

"""A nomination on its way: recommended, returned, handed in anew, refused, withdrawn; by whom, as what was read, once."""

from functools import partial
from threading import Barrier

import pytest

from marketplace.lib.states import IllegalTransition
from regions.errors import (
    NominationError,
    NominationMoved,
    NotYourPlace,
    OwnNomination,
    RemarksMissing,
)
from regions.models import Nomination, NominationEvent, NominationVersion
from regions.services import nomination_decisions as decisions
from regions.services import nominations
from regions.services.proposals import Proposed
from tests.catalogue.test_photos import picture
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.regions.given_nominations import Office, office, officer, paper
from tests.support.race import race
from tests.vendors.test_uploads import files, media

__all__ = ["media", "office"]

pytestmark = pytest.mark.django_db


def revise(nomination, office, name="Cliff honey", *, key="second", version=1, papers=(), **said):
    actor = said.pop("actor", office.proposer)
    proposed = Proposed(name=name, category="Food", **{"other_grounds": "A fair", **said})
    return nominations.revise(nomination, proposed, actor=actor, version=version, form_key=key, papers=papers)


def moves_of(nomination):
    return [(event.from_state, event.to_state, event.version) for event in nomination.events.order_by("pk")]


def as_it_stands(nomination):
    """Everything that a refused move might have changed."""
    return (
        Nomination.objects.filter(pk=nomination.pk).values().get(),
        list(nomination.events.values()),
        list(nomination.versions.values()),
        list(nomination.files.values()),
    )


def test_the_place_above_recommends(office):
    made = office.propose()

    assert decisions.recommend(made, actor=office.recommender, version=1, remarks=" Good\r\nhoney ")

    assert (made.state, made.recommended_by) == ("recommended", office.recommender)
    event = made.events.latest("pk")
    assert (event.reason, event.actor, event.version) == ("Good\nhoney", office.recommender, 1)


def test_returned_with_remarks_it_is_handed_in_anew_and_every_version_is_kept(office, media):
    made = office.propose(papers=[paper()])
    decisions.recommend(made, actor=office.recommender, version=1)
    decisions.send_back(made, actor=office.approver, version=1, remarks="Which forest?")
    colleague = officer(office.gewog)
    replaced = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)

    revised = revise(
        made, office, actor=colleague, replaces=replaced, papers=[paper(), paper(picture("PNG"))]
    )

    made.refresh_from_db()
    assert revised == made
    assert (made.state, made.version, made.name, made.ecosystem) == ("proposed", 2, "Cliff honey", "")
    assert (made.proposed_by, made.recommended_by, made.replaces) == (colleague, None, replaced)
    assert moves_of(made) == [
        ("", "proposed", 1),
        ("proposed", "recommended", 1),
        ("recommended", "returned", 1),
        ("returned", "proposed", 2),
    ]
    kept = list(made.versions.order_by("version").values_list("version", "name", "by", "ecosystem"))
    assert kept == [
        (1, "Forest honey", office.proposer.pk, "Forty beekeepers"),
        (2, "Cliff honey", colleague.pk, ""),
    ]
    assert sorted(made.files.values_list("version", flat=True)) == [1, 2]
    assert len(files(media)) == 2


def test_the_centre_refuses_for_good_and_the_place_withdraws(office):
    waiting, recommended, returned = (office.propose(name) for name in ("Honey", "Tea", "Silk"))
    decisions.recommend(recommended, actor=office.recommender, version=1)
    decisions.send_back(returned, actor=office.recommender, version=1, remarks="Which silk?")

    assert nominations.withdraw(returned, actor=office.proposer, version=1, reason=" Not now ")
    assert decisions.refuse(recommended, actor=office.approver, version=1, remarks="No")
    assert decisions.refuse(waiting, actor=office.approver, version=1, remarks="No")

    assert [row.state for row in (waiting, recommended, returned)] == ["refused", "refused", "withdrawn"]
    assert returned.events.latest("pk").reason == "Not now"
    # What is over stands in nobody's way.
    assert office.propose("honey").state == "proposed"


STATES = Nomination.State.values


def standing(office, state):
    """A nomination in this state, past the services."""
    made = office.propose()
    over = {"recommended_by": office.recommender} if state in ("recommended", "approved") else {}
    if state == "approved":
        over |= {"approved_by": office.approver, "effective_on": "2026-01-01"}
    Nomination.objects.filter(pk=made.pk).update(state=state, **over)
    made.refresh_from_db()
    return made


ACTS = {
    "recommended": lambda office, row: decisions.recommend(row, actor=office.recommender, version=1),
    "returned": lambda office, row: decisions.send_back(
        row, actor=office.approver, version=1, remarks="Why?"
    ),
    "refused": lambda office, row: decisions.refuse(row, actor=office.approver, version=1, remarks="No"),
    "withdrawn": lambda office, row: nominations.withdraw(row, actor=office.proposer, version=1),
    "proposed": lambda office, row: revise(row, office),
}
ALLOWED = {
    ("proposed", "recommended"),
    ("proposed", "returned"),
    ("proposed", "refused"),
    ("proposed", "withdrawn"),
    ("recommended", "returned"),
    ("recommended", "refused"),
    ("recommended", "withdrawn"),
    ("returned", "proposed"),
    ("returned", "withdrawn"),
}


@pytest.mark.parametrize("target", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_every_move_is_made_from_its_own_states_alone(office, state, target):
    row = standing(office, state)
    before = as_it_stands(row)

    if (state, target) in ALLOWED:
        assert ACTS[target](office, row)
        row.refresh_from_db()
        assert row.state == target
        return
    with pytest.raises(IllegalTransition):
        ACTS[target](office, row)
    assert as_it_stands(row) == before


@pytest.mark.parametrize("target", ACTS)
def test_sent_twice_it_is_done_once(office, target):
    row = standing(office, "returned" if target == "proposed" else "proposed")
    first = ACTS[target](office, row)
    after = as_it_stands(row)

    again = ACTS[target](office, Nomination.objects.get(pk=row.pk))

    assert again == (first if target == "proposed" else False)
    assert as_it_stands(row) == after


@pytest.mark.parametrize("target", ["recommended", "returned", "refused", "withdrawn"])
def test_what_a_colleague_has_done_alike_is_said(office, target):
    row = standing(office, "proposed")
    ACTS[target](office, row)
    moderator = PersonFactory(moderator=True)
    acts = {
        "recommended": partial(decisions.recommend, row, actor=moderator, version=1),
        "returned": partial(decisions.send_back, row, actor=moderator, version=1, remarks="Why?"),
        "refused": partial(decisions.refuse, row, actor=moderator, version=1, remarks="No"),
        "withdrawn": partial(nominations.withdraw, row, actor=moderator, version=1),
    }

    with pytest.raises(IllegalTransition):
        acts[target]()


def test_another_version_than_was_read_is_not_decided_about(office):
    row = office.propose()
    decisions.send_back(row, actor=office.recommender, version=1, remarks="Why?")
    revise(row, office)
    before = as_it_stands(row)

    for target, act in ACTS.items():
        # A late twin of the form that handed in the version that stands is no other version.
        if target != "proposed":
            with pytest.raises(NominationMoved):
                act(office, row)
    decisions.send_back(row, actor=office.recommender, version=2, remarks="Why?")
    with pytest.raises(NominationMoved):
        revise(row, office, key="third", version=1)

    assert as_it_stands(row)[2:] == before[2:]


@pytest.mark.parametrize("remarks", ["", " \n", "\u3164\u200b"])
def test_no_is_said_with_remarks(office, remarks):
    row = office.propose()
    before = as_it_stands(row)

    for act in (decisions.send_back, decisions.refuse):
        with pytest.raises(RemarksMissing):
            act(row, actor=office.approver, version=1, remarks=remarks)

    assert as_it_stands(row) == before


def test_who_may_do_what(office):
    """Each row: the act, in which state, and who may; everybody else is told that it is not her or his place."""
    neighbour = officer(RegionFactory(parent=office.gewog.parent), decides=True)
    people = {
        "proposer": officer(office.gewog),
        "decides in the gewog": officer(office.gewog, decides=True),
        "reads in the dzongkhag": officer(office.gewog.parent),
        "recommender": office.recommender,
        "reads in the country": officer(office.country),
        "approver": office.approver,
        "moderator": PersonFactory(moderator=True),
        "finance": PersonFactory(finance=True),
        "neighbour": neighbour,
        "shopper": PersonFactory(),
    }
    centre = {"approver", "moderator"}
    above = {"recommender", *centre}
    works_there = set(people) - {"finance", "neighbour", "shopper"}
    table = [
        ("recommended", "proposed", above),
        ("returned", "proposed", above),
        ("returned", "recommended", centre),
        ("refused", "proposed", centre),
        ("refused", "recommended", centre),
        ("withdrawn", "recommended", works_there),
        ("proposed", "returned", works_there),
    ]
    for number, (target, state, allowed) in enumerate(table):
        for name, person in people.items():
            row = office.propose(f"Honey {number}", key=f"{number} {name}"[:40])
            if state == "recommended":
                Nomination.objects.filter(pk=row.pk).update(state=state, recommended_by=neighbour)
            else:
                Nomination.objects.filter(pk=row.pk).update(state=state)
            acts = {
                "recommended": partial(decisions.recommend, row, actor=person, version=1),
                "returned": partial(decisions.send_back, row, actor=person, version=1, remarks="Why?"),
                "refused": partial(decisions.refuse, row, actor=person, version=1, remarks="No"),
                "withdrawn": partial(nominations.withdraw, row, actor=person, version=1),
                "proposed": partial(revise, row, office, actor=person, key=f"again {number} {name}"[:40]),
            }
            before = as_it_stands(row)
            if name in allowed:
                assert acts[target](), (target, state, name)
            else:
                with pytest.raises(NotYourPlace):
                    acts[target]()
                assert as_it_stands(row) == before, (target, state, name)
            Nomination.objects.filter(pk=row.pk).update(state="refused", recommended_by=None)


def test_nobody_decides_about_what_she_or_he_handed_in_in_any_version(office):
    row = office.propose(actor=office.recommender)
    for act in (
        partial(decisions.recommend, row, actor=office.recommender, version=1),
        partial(decisions.send_back, row, actor=office.recommender, version=1, remarks="Why?"),
    ):
        with pytest.raises(OwnNomination):
            act()
    decisions.send_back(row, actor=office.approver, version=1, remarks="Why?")
    revise(row, office)

    with pytest.raises(OwnNomination):
        decisions.recommend(row, actor=office.recommender, version=2)

    assert decisions.recommend(row, actor=PersonFactory(moderator=True), version=2)


def test_a_place_that_proposes_no_more_is_not_recommended_but_returned(office):
    row = office.propose()
    office.gewog.ended_on = "2026-01-01"
    office.gewog.save()

    with pytest.raises(NominationError, match="does not propose to"):
        decisions.recommend(row, actor=office.recommender, version=1)
    assert decisions.send_back(row, actor=office.recommender, version=1, remarks="It has ended")
    with pytest.raises(NominationError, match="has ended"):
        revise(row, office)


def test_a_scheme_without_a_level_that_recommends_is_not_recommended_to(office):
    row = NominationFactory(region=office.gewog, to_the_centre=True)

    with pytest.raises(NominationError, match="asks for no recommendation"):
        decisions.recommend(row, actor=office.approver, version=1)
    with pytest.raises(NotYourPlace):
        decisions.send_back(row, actor=office.recommender, version=1, remarks="Why?")


def test_handed_in_anew_it_is_looked_at_like_the_first_time(office, media):
    row = office.propose()
    decisions.send_back(row, actor=office.recommender, version=1, remarks="Why?")
    office.propose("Tea")
    before = as_it_stands(row)

    for said, field in (
        ({"name": "tea"}, "name"),
        ({"name": " "}, "name"),
        ({"other_grounds": ""}, "ecosystem"),
        ({"replaces": IdentifiedProductFactory()}, "replaces"),
    ):
        with pytest.raises(NominationError) as refused:
            revise(row, office, papers=[paper()], **said)
        assert refused.value.field == field

    assert as_it_stands(row) == before
    assert files(media) == []
    assert revise(row, office, name="Forest honey").version == 2


def test_papers_come_later_too_until_it_is_recommended(office, media):
    row = office.propose(papers=[paper()])

    assert nominations.add_papers(row, [paper(), paper(picture("PNG"))], actor=office.proposer) == 1
    with pytest.raises(NotYourPlace):
        nominations.add_papers(row, [paper(picture("WEBP"))], actor=officer(RegionFactory()))
    decisions.recommend(row, actor=office.recommender, version=1)
    with pytest.raises(IllegalTransition):
        nominations.add_papers(row, [paper(picture("WEBP"))], actor=office.proposer)

    assert row.files.count() == len(files(media)) == 2


def unguarded(meeting):
    """The row without its lock, handed out when everybody has read it."""

    def read(nomination):
        found = Nomination.objects.with_places().get(pk=nomination.pk)
        meeting.wait(timeout=30)
        return found

    return read


@pytest.mark.parametrize(("guarded", "made"), [(True, 1), (False, 2)], ids=["guarded", "control"])
@pytest.mark.parametrize("against", ["returned", "withdrawn"])
@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_once_one_is_told_that_it_was_moved(guarded, made, against, monkeypatch):
    office = Office()
    row = office.propose()
    if not guarded:
        meeting = Barrier(2)
        for module in (decisions, nominations):
            monkeypatch.setattr(module, "lock_nomination", unguarded(meeting))
    order = iter([ACTS["refused"], ACTS[against]])

    outcomes = race(lambda: next(order)(office, Nomination.objects.get(pk=row.pk)), contenders=2)

    assert sum(isinstance(outcome, IllegalTransition) for outcome in outcomes) == 2 - made
    assert NominationEvent.objects.filter(nomination=row).count() == 1 + made


@pytest.mark.django_db(transaction=True)
def test_the_same_form_of_a_next_version_four_times_at_once_hands_in_one(media):
    office = Office()
    row = office.propose()
    decisions.send_back(row, actor=office.recommender, version=1, remarks="Why?")

    outcomes = race(lambda: revise(row, office, papers=[paper()]), contenders=4)

    row.refresh_from_db()
    assert outcomes == [None] * 4
    assert (row.version, NominationVersion.objects.count(), NominationEvent.objects.count()) == (2, 2, 3)
    assert row.files.count() == len(files(media)) == 1

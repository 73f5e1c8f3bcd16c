"""A committee decides about many at once: what it can is done, what it cannot comes back with its reason, minutes are kept."""

from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test.utils import CaptureQueriesContext

from marketplace.lib.dates import today_in
from marketplace.lib.states import IllegalTransition
from regions.errors import MinutesMoved, NominationError, NotYourPlace
from regions.models import CommitteeMeeting, IdentifiedProduct, MeetingMinutes, Nomination, NominationEvent
from regions.services import committee, meetings, nomination_decisions, nominations
from regions.services.nomination_rules import Decision
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, SchemeFactory
from tests.regions.given_nominations import Office, office
from tests.regions.test_nomination_moves import as_it_stands, unguarded
from tests.support.race import race

__all__ = ["office"]

pytestmark = pytest.mark.django_db
DAY = today_in("BT") + timedelta(days=30)
APPROVE = Decision("approved", 1, "Good", DAY)
RETURN = Decision("returned", 1, "Which forest?")
REFUSE = Decision("refused", 1, "No")


def met(office, *, key="m", title="Third meeting", **changes):
    wanted = {"held_on": today_in("BT"), "minutes": "Present: five.", "actor": office.approver}
    return meetings.record_meeting(office.scheme, title=title, form_key=key, **{**wanted, **changes})


def recommended(office, count, **said):
    """Nominations of one gewog that the dzongkhag has recommended."""
    rows = NominationFactory.create_batch(
        count, region=office.gewog, proposed_by=office.proposer, scheme=office.scheme, **said
    )
    Nomination.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="recommended", recommended_by=office.recommender
    )
    return [Nomination.objects.get(pk=row.pk) for row in rows]


def everything():
    tables = (Nomination, NominationEvent, IdentifiedProduct, CommitteeMeeting, MeetingMinutes)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def test_each_nomination_gets_its_own_decision_and_names_the_meeting(office):
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    one, two, three, four = recommended(office, 4)
    Nomination.objects.filter(pk=two.pk).update(replaces=old)
    meeting = met(office)
    later = Decision("approved", 1, "", DAY + timedelta(days=1))

    outcome = committee.decide_many(
        meeting, {one.pk: APPROVE, two.pk: later, three.pk: RETURN, four.pk: REFUSE}, actor=office.approver
    )

    assert [row.pk for row in outcome.decided] == [one.pk, two.pk, three.pk, four.pk]
    assert (list(outcome.repeated), list(outcome.left_out)) == ([], [])
    stored = Nomination.objects.order_by("pk").values_list("state", "effective_on", "approved_by")
    assert list(stored) == [
        ("approved", DAY, office.approver.pk),
        ("approved", later.effective_on, office.approver.pk),
        ("returned", None, None),
        ("refused", None, None),
    ]
    events = meeting.decisions.order_by("nomination_id")
    assert [(event.nomination_id, event.to_state, event.reason, event.version) for event in events] == [
        (one.pk, "approved", "Good", 1),
        (two.pk, "approved", "", 1),
        (three.pk, "returned", "Which forest?", 1),
        (four.pk, "refused", "No", 1),
    ]
    assert {(event.actor, event.from_state) for event in events} == {(office.approver, "recommended")}
    named = list(IdentifiedProduct.objects.filter(nomination__isnull=False).order_by("pk"))
    assert [(row.name, row.named_on, row.nomination) for row in named] == [
        (one.name, DAY, one),
        (two.name, later.effective_on, two),
    ]
    old.refresh_from_db()
    assert (old.ended_on, old.replaced_by) == (later.effective_on, named[1])


def test_what_cannot_be_decided_comes_back_with_its_reason_and_all_others_are_done(office):
    rows = recommended(office, 10)
    good, no_day, no_words, own, moved, refused, returned, there, waiting, ended = rows
    old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, ended_on="2026-01-01")
    change = Nomination.objects.filter
    change(pk=own.pk).update(proposed_by=office.approver)
    NominationEvent.objects.filter(nomination=own).update(actor=office.approver)
    change(pk=moved.pk).update(version=2)
    change(pk=refused.pk).update(state="refused")
    change(pk=returned.pk).update(state="returned")
    IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name=there.name.upper())
    change(pk=waiting.pk).update(state="proposed", recommended_by=None)
    change(pk=ended.pk).update(replaces=old)
    other = NominationFactory(scheme=SchemeFactory(code="OTHER"), region=office.gewog)
    wanted = {row.pk: APPROVE for row in rows} | {
        no_day.pk: Decision("approved", 1),
        no_words.pk: Decision("refused", 1, " "),
        other.pk: APPROVE,
        987654321: APPROVE,
    }
    before = {row.pk: as_it_stands(row) for row in [*rows[1:], other]}

    outcome = committee.decide_many(met(office), wanted, actor=office.approver)

    assert [row.pk for row in outcome.decided] == [good.pk]
    reasons = {each.key: each.reason for each in outcome.left_out}
    parts = {
        no_day.pk: "Say from which day",
        no_words.pk: "Say why",
        own.pk: "Another person must decide",
        moved.pk: "Read it again",
        refused.pk: "It is refused already.",
        returned.pk: "waits to be handed in anew",
        there.pk: "already a product",
        waiting.pk: "has not recommended this yet",
        ended.pk: "has an end already",
        other.pk: "This is no nomination to",
        987654321: "This is no nomination to",
    }
    assert reasons.keys() == parts.keys()
    assert all(part in reasons[key] for key, part in parts.items())
    assert {row.pk: as_it_stands(row) for row in [*rows[1:], other]} == before
    assert {each.key for each in outcome.left_out if each.nomination is None} == {other.pk, 987654321}
    assert good.events.filter(to_state="approved").count() == 1


def test_sent_twice_it_is_decided_once(office):
    one, two = recommended(office, 2)
    meeting = met(office)
    wanted = {one.pk: APPROVE, two.pk: RETURN}
    committee.decide_many(meeting, wanted, actor=office.approver)
    before = everything()

    outcome = committee.decide_many(meeting, wanted, actor=office.approver)

    assert [row.pk for row in outcome.repeated] == [one.pk, two.pk]
    assert (list(outcome.decided), list(outcome.left_out)) == ([], [])
    assert everything() == before


def test_only_the_centre_holds_meetings_and_decides_in_them(office):
    (row,) = recommended(office, 1)
    meeting = met(office)
    before = everything()

    for person in (office.proposer, office.recommender, PersonFactory(finance=True), PersonFactory()):
        for act in (
            partial(met, office, actor=person, key="other", title="Other"),
            partial(meetings.keep_minutes, meeting, "Words", actor=person, version=1, form_key="x"),
            partial(committee.decide_many, meeting, {row.pk: APPROVE}, actor=person),
        ):
            with pytest.raises(NotYourPlace):
                act()

    assert everything() == before


def test_too_many_at_once_and_what_a_committee_does_not_decide_are_refused(office, monkeypatch):
    rows = recommended(office, 2)
    meeting = met(office)
    monkeypatch.setattr(committee, "MOST_AT_ONCE", 1)

    with pytest.raises(NominationError, match="at most 1 at once"):
        committee.decide_many(meeting, {row.pk: APPROVE for row in rows}, actor=office.approver)
    with pytest.raises(ValueError, match="a committee approves"):
        committee.decide_many(meeting, {rows[0].pk: Decision("withdrawn", 1)}, actor=office.approver)

    assert not meeting.decisions.exists()


def mixed(office, count):
    """Decisions of all kinds about that many, half of them approvals that replace something."""
    rows = recommended(office, count)
    found = {}
    for number, row in enumerate(rows):
        if number % 2 == 0:
            old = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
            Nomination.objects.filter(pk=row.pk).update(replaces=old)
        found[row.pk] = APPROVE if number % 2 == 0 else RETURN
    return found


def test_twenty_ask_as_many_queries_as_two(office):
    counts = []
    for number, count in enumerate((2, 20)):
        wanted = mixed(office, count)
        meeting = met(office, key=f"m{number}", title=f"Meeting {number}")
        with CaptureQueriesContext(connection) as asked:
            outcome = committee.decide_many(meeting, wanted, actor=office.approver)
        assert len(outcome.decided) == count
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_two_hundred_are_decided_in_one_go(office):
    wanted = mixed(office, 200)

    outcome = committee.decide_many(met(office), wanted, actor=office.approver)

    assert len(outcome.decided) == 200
    assert IdentifiedProduct.objects.filter(nomination__isnull=False).count() == 100
    assert IdentifiedProduct.objects.filter(replaced_by__isnull=False).count() == 100
    assert NominationEvent.objects.filter(meeting__isnull=False).count() == 200


def test_a_meeting_is_written_down_once_with_its_minutes(office):
    meeting = met(office, title="  Third \n meeting ")

    assert met(office, title="Other words") == meeting
    assert (meeting.title, meeting.recorded_by) == ("Third meeting", office.approver)
    assert meeting.minutes.get().text == "Present: five."
    for changes, field in (
        ({"key": "b", "title": "THIRD MEETING"}, "title"),
        ({"key": "c", "title": " "}, "title"),
        ({"key": "d", "title": "x" * 121}, "title"),
        ({"key": "e", "held_on": today_in("BT") + timedelta(days=1)}, "held_on"),
        ({"key": "f", "held_on": date(202, 1, 1)}, "held_on"),
        ({"key": "g", "minutes": "x" * 100_001, "title": "Long"}, "minutes"),
    ):
        with pytest.raises(NominationError) as refused:
            met(office, **changes)
        assert refused.value.field == field
    assert CommitteeMeeting.objects.count() == MeetingMinutes.objects.count() == 1


def test_every_version_of_the_minutes_is_kept(office):
    meeting = met(office)
    write = partial(meetings.keep_minutes, meeting, actor=office.approver)

    second = write("Present: six.", version=1, form_key="a")
    assert write("Present: six.", version=1, form_key="a") == second
    with pytest.raises(MinutesMoved):
        write("Present: four.", version=1, form_key="b")
    with pytest.raises(NominationError, match="Write what the meeting said"):
        write(" ", version=2, form_key="c")
    assert write("Present: six.", version=2, form_key="d") == second
    for change in (lambda: meeting.minutes.update(text="Other"), lambda: meeting.minutes.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            change()

    kept = meeting.minutes.order_by("version").values_list("version", "text")
    assert list(kept) == [(1, "Present: five."), (2, "Present: six.")]


def without_lock(meeting):
    """The rows without their locks, handed out when everybody has read them."""

    def read(keys, *, scheme):
        found = list(Nomination.objects.with_places().filter(pk__in=keys).order_by("pk"))
        meeting.wait(timeout=30)
        return found

    return read


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.parametrize("against", ["refused", "withdrawn"])
@pytest.mark.django_db(transaction=True)
def test_beside_a_single_decision_each_row_is_moved_once(guarded, against, monkeypatch):
    office = Office()
    rows = recommended(office, 3)
    meeting = met(office)
    single = rows[1]
    if not guarded:
        both = Barrier(2)
        monkeypatch.setattr(committee, "lock_nominations", without_lock(both))
        for module in (nomination_decisions, nominations):
            monkeypatch.setattr(module, "lock_nomination", unguarded(both))
    acts = {
        "refused": partial(
            nomination_decisions.refuse, actor=PersonFactory(moderator=True), version=1, remarks="No"
        ),
        "withdrawn": partial(nominations.withdraw, actor=office.proposer, version=1),
    }
    wanted = {row.pk: APPROVE for row in rows} | {single.pk: RETURN}
    order = iter(
        [
            lambda: committee.decide_many(meeting, wanted, actor=office.approver),
            lambda: acts[against](Nomination.objects.get(pk=single.pk)),
        ]
    )

    outcomes = race(lambda: next(order)(), contenders=2)

    single.refresh_from_db()
    moved = NominationEvent.objects.filter(nomination=single, from_state="recommended").count()
    assert moved == (1 if guarded else 2)
    assert Nomination.objects.filter(state="approved").exclude(pk=single.pk).count() == 2
    assert IdentifiedProduct.objects.count() == 2
    late = [outcome for outcome in outcomes if outcome is not None]
    assert len(late) == (1 if guarded and single.state == "returned" else 0)
    assert all(isinstance(outcome, IllegalTransition) for outcome in late)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_meetings_at_once_decide_about_each_row_once(guarded, monkeypatch):
    office = Office()
    rows = recommended(office, 5)
    pair = [met(office), met(office, key="n", title="Fourth meeting")]
    if not guarded:
        monkeypatch.setattr(committee, "lock_nominations", without_lock(Barrier(2)))
    order = iter(zip(pair, (RETURN, REFUSE), strict=True))
    done = []

    def decide():
        meeting, decision = next(order)
        wanted = {row.pk: decision for row in rows}
        done.append(committee.decide_many(meeting, wanted, actor=office.approver))

    outcomes = race(decide, contenders=2)

    assert outcomes == [None, None]
    assert sorted(len(outcome.decided) for outcome in done) == ([0, 5] if guarded else [5, 5])
    assert NominationEvent.objects.filter(meeting__isnull=False).count() == (5 if guarded else 10)

"""Moderators and members at one change at the same moment, each with a control that drops the guard."""

import itertools
import threading

import pytest

from catalogue.errors import ChangeMoved
from catalogue.models import ListingChange, ListingChangeEvent, Product
from catalogue.services import change_review, changes
from catalogue.services.changes import Wanted, propose
from marketplace.lib.states import IllegalTransition
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.support.race import pausing, race

State = ListingChange.State


def unguarded(pk):
    return Product.objects.get(pk=pk)


def unguarded_change(pk):
    return ListingChange.objects.get(pk=pk)


def drop_guards(monkeypatch):
    monkeypatch.setattr(change_review, "lock_listing", unguarded)
    monkeypatch.setattr(change_review, "lock_change", unguarded_change)


@pytest.fixture
def change():
    listing = ListingFactory(title="Red rice")
    PhotoFactory(product=listing)
    return propose(listing, Wanted({"title": "Red rice of Paro"}), None, send=True)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_eight_moderators_one_decides_and_the_others_are_told(is_guarded, change, monkeypatch):
    monkeypatch.setattr(change_review, "missing_parts", pausing(change_review.missing_parts))
    if not is_guarded:
        drop_guards(monkeypatch)

    outcomes = race(lambda: change_review.approve(change, None, version=change.version), contenders=8)

    decided = ListingChangeEvent.objects.filter(to_state=State.APPROVED).count()
    assert decided == outcomes.count(None)
    assert decided == (1 if is_guarded else 8)
    assert all(isinstance(outcome, IllegalTransition) for outcome in outcomes if outcome)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_nothing_unread_is_approved_while_the_member_edits(is_guarded, change, monkeypatch):
    listing, read = change.listing, change.version
    turns = itertools.count()
    read_by_moderator, written_by_member = threading.Event(), threading.Event()
    if not is_guarded:

        def read_then_late(pk):
            found = ListingChange.objects.get(pk=pk)
            read_by_moderator.set()
            written_by_member.wait(timeout=30)
            return found

        monkeypatch.setattr(change_review, "lock_listing", unguarded)
        monkeypatch.setattr(change_review, "lock_change", read_then_late)

    def one():
        if next(turns) == 0:
            if not is_guarded:
                read_by_moderator.wait(timeout=30)
            propose(listing, Wanted({"title": "Miracle rice"}), None, send=True)
            written_by_member.set()
        else:
            change_review.approve(change, None, version=read)

    outcomes = race(one, contenders=2)

    title = Product.objects.get(pk=listing.pk).title
    open_changes = ListingChange.objects.open().count()
    if is_guarded:
        approved = ListingChangeEvent.objects.filter(to_state=State.APPROVED).exists()
        # Either the moderator was first and the proposal is a change of its own, or was told to read again.
        assert title == ("Red rice of Paro" if approved else "Red rice")
        assert open_changes == 1
        assert all(isinstance(outcome, ChangeMoved) for outcome in outcomes if outcome)
        assert outcomes.count(None) == (2 if approved else 1)
    else:
        # The member's new words are approved unread, or rather lost: the older ones became the listing.
        assert outcomes == [None, None]
        assert (title, open_changes) == ("Red rice of Paro", 0)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_members_at_once_share_one_open_change(is_guarded, monkeypatch):
    listing = ListingFactory(title="Red rice")
    PhotoFactory(product=listing)
    monkeypatch.setattr(changes, "open_change", pausing(changes.open_change))
    if not is_guarded:
        monkeypatch.setattr(changes, "lock_listing", unguarded)
    turns = itertools.count()

    def one():
        wanted = {"title": "Rice"} if next(turns) == 0 else {"storage": "Dry."}
        propose(listing, Wanted(wanted), None, send=True)

    outcomes = race(one, contenders=2)

    change = ListingChange.objects.get()
    if is_guarded:
        assert outcomes == [None, None]
        assert change.proposed == {"title": "Rice", "storage": "Dry."}
    else:
        # The database's own constraint still lets no second one in.
        assert outcomes.count(None) == 1
        assert len(change.proposed) == 1

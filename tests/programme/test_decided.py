"""Figures of what was decided, counted from the histories."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.models import ListingEvent
from programme.selectors.decided import decided
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db


def event(listing, words, at):
    made = ListingEvent.objects.create(listing=listing, from_state=words[0], to_state=words[1])
    ListingEvent.objects.filter(pk=made.pk).update(created_at=at)


def one_decided(ago, took, state="live"):
    listing, at = ListingFactory(), timezone.now() - ago
    event(listing, ("draft", "submitted"), at - took)
    event(listing, ("submitted", state), at)
    return listing


def test_figures_tell_what_the_office_decided_in_a_day_and_a_week_and_how_long_it_took():
    hour = timedelta(hours=1)
    listing = one_decided(hour, hour)
    one_decided(hour, 2 * hour, state="returned")
    one_decided(50 * hour, 6 * hour, state="rejected")
    one_decided(timedelta(days=8), 90 * hour)
    # Taken back by its group: nobody decided.
    one_decided(hour, 50 * hour, state="draft")
    # Handed in twice: only the last time counts.
    event(listing, ("returned", "submitted"), timezone.now() - timedelta(days=90))

    found = {each.kind.code: each for each in decided(PersonFactory(moderator=True), now=timezone.now())}
    elsewhere = PersonFactory(officer=True, place=RegionFactory(dzongkhag=True))
    theirs = {each.kind.code: each for each in decided(elsewhere, now=timezone.now())}

    listings, groups = found["listing"], found["group"]
    assert (listings.day, listings.week) == (2, 3)
    assert listings.median.total_seconds() == pytest.approx(2 * 3600, abs=1)
    assert (groups.day, groups.week, groups.median) == (0, 0, None)
    assert (theirs["listing"].week, theirs["listing"].median) == (0, None)


def test_what_was_never_written_down_as_handed_in_counts_from_its_own_moment():
    at = timezone.now()
    listing = ListingFactory(submitted_at=at - timedelta(hours=3))
    event(listing, ("submitted", "live"), at)

    (found,) = [
        each for each in decided(PersonFactory(moderator=True), now=at) if each.kind.code == "listing"
    ]

    assert found.median == timedelta(hours=3)

"""The helper of the race tests."""

import pytest
from django.contrib.sites.models import Site
from django.db import IntegrityError, connection, transaction

from tests.support.race import pause, pausing, race


@pytest.mark.django_db(transaction=True)
def test_race_runs_every_contender_on_its_own_connection():
    backends = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])

    outcomes = race(look, contenders=20)

    assert outcomes == [None] * 20
    assert len(set(backends)) == 20


@pytest.mark.django_db(transaction=True)
def test_race_hands_back_what_each_contender_raised():
    outcomes = race(lambda: Site.objects.create(domain="one.example", name="one"), contenders=8)

    assert outcomes.count(None) == 1
    assert [type(outcome) for outcome in outcomes if outcome] == [IntegrityError] * 7


@pytest.mark.django_db(transaction=True)
def test_whoever_pauses_goes_on_when_all_have_come():
    come, seen = [], []

    def meet():
        come.append(1)
        pause()
        seen.append(len(come))

    outcomes = race(meet, contenders=8)

    assert (outcomes, seen) == ([None] * 8, [8] * 8)


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_a_lock_is_not_waited_for(is_locked):
    site = Site.objects.create(domain="one.example", name="one")
    inside, most = [], []

    @pausing
    def enter():
        rows = Site.objects.filter(pk=site.pk)
        (rows.select_for_update() if is_locked else rows).get()
        inside.append(1)
        most.append(len(inside))

    @transaction.atomic
    def enter_and_leave():
        enter()
        inside.pop()

    outcomes = race(enter_and_leave, contenders=5)

    assert (outcomes, max(most)) == ([None] * 5, 1 if is_locked else 5)


@pytest.mark.django_db(transaction=True)
def test_whoever_has_ended_is_not_waited_for():
    waiting, done = [pause, lambda: done.append(1), lambda: done.append(1)], []

    outcomes = race(lambda: waiting.pop()(), contenders=3)

    assert (outcomes, done) == ([None] * 3, [1, 1])


def test_outside_a_race_nobody_is_waited_for():
    assert pausing(len)("abc") == 3

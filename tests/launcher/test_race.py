"""The helper of the race tests."""

import pytest
from django.contrib.sites.models import Site
from django.db import IntegrityError, connection

from tests.support.race import race


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

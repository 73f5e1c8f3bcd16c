"""The database that the tests run on."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_on_postgresql_that_knows_all_scripts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ts_parse('default', 'क।ख')")
        tokens = cursor.fetchone()[0]

    assert connection.vendor == "postgresql"
    assert tokens == 3

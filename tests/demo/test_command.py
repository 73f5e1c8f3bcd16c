"""The command before there is anything."""

import pytest
from django.core.management import CommandError, call_command

from tests.demo.rows import everything


@pytest.mark.django_db
def test_without_places_nothing_is_written():
    before = everything()

    with pytest.raises(CommandError, match="load_reference_data"):
        call_command("load_demo")

    assert everything() == before

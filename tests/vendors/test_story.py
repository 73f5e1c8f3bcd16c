"""The people of a group's story: shown while they agree, and gone for good once they were taken out."""

import pytest

from tests.factories.people import PersonFactory
from tests.factories.vendors import GroupPersonFactory
from vendors.errors import ApplicationError
from vendors.models import GroupPerson
from vendors.services.story import remove_person, save_person

pytestmark = pytest.mark.django_db


def test_somebody_taken_out_does_not_come_back_by_a_page_that_was_open():
    person = GroupPersonFactory()
    stale = GroupPerson.objects.get(pk=person.pk)
    remove_person(person)

    with pytest.raises(ApplicationError, match="taken out"):
        save_person(
            stale.vendor,
            stale,
            form_key="",
            name="Sangay",
            work="weaves",
            has_consent=True,
            portrait=None,
            actor=PersonFactory(),
        )

    assert not GroupPerson.objects.exists()

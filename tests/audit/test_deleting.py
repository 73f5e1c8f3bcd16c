"""What is deleted in the admin is deleted for a reason."""

import pytest
from django.urls import reverse

from audit.models import Change
from regions.models import GiParty
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory
from tests.support.whole import changed_tables, whole_database

pytestmark = pytest.mark.django_db

LIST = reverse("admin:regions_giparty_changelist")


@pytest.fixture
def party():
    return GiParty.objects.create(gi=GeographicalIndicationFactory(), part="A", name="Board")


@pytest.fixture
def boss(client):
    person = PersonFactory(superuser=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize("several", [False, True])
def test_a_row_is_deleted_with_its_reason_and_not_without(client, boss, party, several):
    # given
    page = LIST if several else reverse("admin:regions_giparty_delete", args=[party.pk])
    asked = {"action": "delete_selected", "_selected_action": party.pk} if several else {}
    before = whole_database()
    # when
    question = client.post(page, asked) if several else client.get(page)
    refused = client.post(page, {**asked, "post": "yes", "_reason": " \0"}, follow=True)
    # then
    assert 'name="_reason"' in question.content.decode()
    assert "Write why it is deleted. Nothing was deleted." in refused.content.decode()
    assert changed_tables(before, whole_database()) <= {"django_session"}
    # when
    client.post(page, {**asked, "post": "yes", "_reason": "Struck off the register"})
    # then
    gone = Change.objects.get(model="regions.giparty", action="deleted")
    assert (gone.person, gone.reason, gone.before["name"]) == (boss, "Struck off the register", "Board")
    assert not GiParty.objects.exists()

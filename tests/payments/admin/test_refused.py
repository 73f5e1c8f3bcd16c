"""The count of refused messages in the admin."""

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.models import RefusedMessages
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def test_finance_officer_sees_how_many_messages_were_refused_and_why(client):
    client.force_login(PersonFactory(finance=True))
    RefusedMessages.objects.create(
        provider="stripe", day=timezone.localdate(), why="bad signature", count=4711
    )

    page = client.get(reverse("admin:payments_refusedmessages_changelist"))

    assert page.status_code == 200
    assert "4711" in page.content.decode()
    assert "bad signature" in page.content.decode()

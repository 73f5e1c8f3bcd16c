"""Members of a group: roles, leaving, and what ends at once."""

import pytest
from django.urls import reverse

from tests.factories.vendors import MembershipFactory
from vendors.models import MemberEvent, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return MembershipFactory()


def change(client, member, **sent):
    return client.post(reverse("dashboard-member", args=[member.pk]), sent).status_code


def test_a_chair_changes_a_role_and_sent_twice_it_is_written_down_once(client, chair):
    packer = MembershipFactory(vendor=chair.vendor, role="packer")
    client.force_login(chair.user)
    for _ in range(2):
        assert change(client, packer, role="bookkeeper") == 302

    event = MemberEvent.objects.get()
    assert (event.person, event.from_role, event.to_role, event.actor) == (
        packer.user,
        "packer",
        "bookkeeper",
        chair.user,
    )


def test_who_is_removed_has_no_desk_from_then_on(client, chair):
    packer = MembershipFactory(vendor=chair.vendor, role="packer")
    client.force_login(packer.user)
    assert client.get(reverse("dashboard-members")).status_code == 200
    client.force_login(chair.user)
    assert change(client, packer, do="remove") == 302

    client.force_login(packer.user)
    assert client.get(reverse("dashboard-members")).status_code == 404


def test_the_last_chair_neither_leaves_nor_steps_down(client, chair):
    client.force_login(chair.user)
    change(client, chair, do="remove")
    change(client, chair, role="packer")

    assert Membership.objects.get().role == "chair"
    assert not MemberEvent.objects.exists()


def test_a_packer_leaves_but_changes_nobody(client, chair):
    packer = MembershipFactory(vendor=chair.vendor, role="packer")
    client.force_login(packer.user)
    assert change(client, chair, do="remove") == 403
    assert change(client, packer, role="chair") == 403
    assert change(client, packer, do="remove") == 302

    assert Membership.objects.get() == chair


def test_members_of_another_group_are_not_found(client, chair):
    other = MembershipFactory(role="packer")
    client.force_login(chair.user)

    assert change(client, other, role="chair") == 404
    assert change(client, other, do="remove") == 404
    assert Membership.objects.get(pk=other.pk).role == "packer"

"""The groups of staff and their rights."""

import pytest
from django.contrib.auth.models import Group

from tests.factories.people import PersonFactory
from vendors.services.staff_groups import (
    MODERATORS,
    OFFICERS,
    UnknownRight,
    _permissions,
    create_staff_groups,
)

pytestmark = pytest.mark.django_db


def test_second_run_changes_nothing():
    assert create_staff_groups() == 4

    assert create_staff_groups() == 0
    assert Group.objects.count() == 4


def test_rights_changed_by_hand_are_put_back():
    create_staff_groups()
    Group.objects.get(name=OFFICERS).permissions.set(Group.objects.get(name=MODERATORS).permissions.all())

    assert create_staff_groups() == 1

    officer = PersonFactory(officer=True)
    assert not officer.has_perm("catalogue.review_product")


def test_only_moderators_may_decide():
    moderator, officer, finance = (
        PersonFactory(moderator=True),
        PersonFactory(officer=True),
        PersonFactory(finance=True),
    )

    for right in ("catalogue.review_product", "partner.decide_partner"):
        assert [person.has_perm(right) for person in (moderator, officer, finance)] == [True, False, False]
    assert finance.has_perm("payments.view_ledgerentry")


def test_unknown_right_is_named():
    with pytest.raises(UnknownRight) as refused:
        _permissions(["partner.fly"])

    assert refused.value.names == ["partner.fly"]

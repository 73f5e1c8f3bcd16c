"""A group is told 60, 30 and 7 days before a certificate ends, once each, by the day of its own country."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from tests.factories.vendors import CertificateFactory, MembershipFactory
from tests.support.race import race
from vendors.models import Certificate
from vendors.selectors.certificates import running_out
from vendors.services.certificate_warnings import warn_of_ends

pytestmark = pytest.mark.django_db

LAST = date(2027, 6, 30)


@pytest.fixture
def certificate():
    """Of a group of Bhutan with one member who has a phone."""
    found = CertificateFactory(valid_from=date(2026, 1, 1), valid_until=LAST)
    MembershipFactory(vendor=found.vendor, user__email=None, user__phone="+97517000001")
    return found


@pytest.fixture
def clock(monkeypatch):
    """Set the time everywhere."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at


def told():
    rows = Notice.objects.filter(kind="certificate_ending").order_by("pk")
    return list(rows.values_list("context__count", flat=True))


def noon(days_before):
    return datetime(2027, 6, 30, 6, tzinfo=UTC) - timedelta(days=days_before)


def test_group_is_told_at_sixty_thirty_and_seven_days_once_each(certificate, clock):
    by_day = {}
    for days in (61, 60, 59, 31, 30, 29, 8, 7, 1, 0, -1):
        clock(noon(days))
        by_day[days] = [warn_of_ends() for _ in range(2)]

    assert [days for days, runs in by_day.items() if runs == [1, 0]] == [60, 30, 7]
    assert all(runs == [0, 0] for days, runs in by_day.items() if days not in (60, 30, 7))
    assert told() == ["60", "30", "7"]


def test_day_of_the_groups_country_decides(certificate, clock):
    clock(datetime(2027, 4, 30, 17, 59, tzinfo=UTC))
    before = warn_of_ends()
    clock(datetime(2027, 4, 30, 18, 0, tzinfo=UTC))

    assert (before, warn_of_ends()) == (0, 1)


def test_run_that_was_missed_is_made_up_for_with_one_message(certificate, clock):
    clock(noon(20))

    assert [warn_of_ends(), warn_of_ends()] == [1, 0]
    assert told() == ["20"]


def test_nobody_is_told_of_one_that_does_not_count_or_that_another_follows(certificate, clock):
    clock(noon(20))
    CertificateFactory(submitted=True, valid_from=date(2026, 1, 1), valid_until=LAST)
    CertificateFactory(
        submitted=True,
        vendor=certificate.vendor,
        number=certificate.number,
        valid_until=LAST + timedelta(days=365),
    )

    assert warn_of_ends() == 0
    assert running_out(certificate.vendor) == []


def test_home_of_the_desk_names_what_runs_out_and_what_has_just_ended(certificate, clock):
    for days, mark in ((61, []), (60, ["soon"]), (0, ["soon"]), (-1, ["over"]), (-61, [])):
        clock(noon(days))
        assert [row.mark for row in running_out(certificate.vendor)] == mark, days


@pytest.mark.django_db(transaction=True)
def test_runs_beside_each_other_tell_once():
    soon = timezone.now().date() + timedelta(days=20)
    certificate = CertificateFactory(valid_until=soon)
    MembershipFactory(vendor=certificate.vendor)

    outcomes = race(warn_of_ends, contenders=4)

    assert outcomes == [None] * 4
    assert Notice.objects.filter(kind="certificate_ending").count() == 1
    assert Certificate.objects.get().last_warning == 30

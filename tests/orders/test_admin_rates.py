"""Rates in admin: what has begun ends, nothing is rewritten or lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from marketplace.lib.dates import today_in
from orders.models import CommissionRule, TaxRate
from tests.factories.orders import CommissionRuleFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def office(client):
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    return client


def saved(office, rule, **changes):
    form = {"rate": rule.rate, "valid_from": rule.valid_from, "valid_until": "", "note": ""}
    return office.post(reverse("admin:order_commissionrule_change", args=[rule.pk]), form | changes)


def test_a_rule_is_entered_with_a_history(office):
    form = {"rate": "0.05", "valid_from": today_in("TH"), "note": "all"}

    answer = office.post(reverse("admin:order_commissionrule_add"), form)

    assert answer.status_code == 302
    assert CommissionRule.objects.get().rate == D("0.0500")
    assert LogEntry.objects.count() == 1


def test_a_rule_that_has_begun_keeps_its_rate_and_can_be_ended_not_deleted(office):
    rule = CommissionRuleFactory()

    saved(office, rule, rate="0.9", valid_from="2019-01-01", valid_until="2030-01-01", note="ends")
    refused = office.post(reverse("admin:order_commissionrule_delete", args=[rule.pk]), {"post": "yes"})

    rule.refresh_from_db()
    assert (rule.rate, f"{rule.valid_from}", f"{rule.valid_until}", rule.note) == (
        D("0.0500"),
        "2020-01-01",
        "2030-01-01",
        "ends",
    )
    assert refused.status_code == 403


def test_a_rule_that_has_not_begun_is_edited_and_deleted(office):
    rule = CommissionRuleFactory(valid_from=today_in("TH") + timedelta(days=2))

    saved(office, rule, rate="0.06")
    edited = CommissionRule.objects.get().rate
    office.post(
        reverse("admin:order_commissionrule_delete", args=[rule.pk]),
        {"post": "yes", "_reason": "Typed twice"},
    )

    assert edited == D("0.0600")
    assert not CommissionRule.objects.exists()


def test_two_rules_for_the_same_are_refused_with_words(office):
    today = today_in("TH")
    CommissionRuleFactory(valid_from=today)

    answer = office.post(reverse("admin:order_commissionrule_add"), {"rate": "0.1", "valid_from": today})

    assert answer.status_code == 200
    assert "There is a rule for the same from that day already." in answer.content.decode()
    assert CommissionRule.objects.count() == 1


@pytest.mark.parametrize("model", ["commissionrule", "taxrate"])
def test_a_rate_that_would_reach_back_is_refused_with_words(office, model):
    yesterday = today_in("IN") - timedelta(days=1)
    form = {"rate": "0.1", "valid_from": yesterday, "country": "BT", "kind": "goods", "name": "VAT"}

    answer = office.post(reverse(f"admin:order_{model}_add"), form)

    assert "What was sold before today keeps the rate of its day." in answer.content.decode()
    assert not CommissionRule.objects.exists()
    assert not TaxRate.objects.exists()


def test_a_rate_ends_yesterday_at_the_earliest(office):
    rule = CommissionRuleFactory()
    yesterday = today_in("IN") - timedelta(days=1)

    refused = saved(office, rule, valid_until=yesterday - timedelta(days=1))
    rule.refresh_from_db()
    between = rule.valid_until
    saved(office, rule, valid_until=yesterday)

    rule.refresh_from_db()
    assert "Sales since then were made at this rate." in refused.content.decode()
    assert (between, rule.valid_until) == (None, yesterday)


def test_a_rule_that_ended_long_ago_still_gets_a_note(office):
    rule = CommissionRuleFactory(valid_until=date(2021, 1, 31))

    saved(office, rule, valid_until="2021-01-31", note="was for the first year")

    rule.refresh_from_db()
    assert (f"{rule.valid_until}", rule.note) == ("2021-01-31", "was for the first year")

"""A date is the country's own."""

from datetime import UTC, date, datetime

import pytest

from marketplace.lib import dates
from marketplace.lib.dates import today_in


@pytest.mark.parametrize(
    ("country_code", "today"),
    [("BT", date(2026, 3, 1)), ("IN", date(2026, 3, 1)), ("TH", date(2026, 3, 1)), ("GB", date(2026, 2, 28))],
)
def test_late_in_the_evening_of_utc_it_is_tomorrow_in_the_east(monkeypatch, country_code, today):
    monkeypatch.setattr(dates.timezone, "now", lambda: datetime(2026, 2, 28, 19, 0, tzinfo=UTC))

    assert today_in(country_code) == today


def test_half_an_hour_lies_between_bhutan_and_india(monkeypatch):
    monkeypatch.setattr(dates.timezone, "now", lambda: datetime(2026, 2, 28, 18, 15, tzinfo=UTC))

    assert (today_in("BT"), today_in("IN")) == (date(2026, 3, 1), date(2026, 2, 28))

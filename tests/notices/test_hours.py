"""Quiet hours and the daily message on the reader's own clock; how an SMS is counted."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from notices.domain.hours import QuietHours, after_quiet, next_hour, zone_of_phone
from notices.domain.sms import sms_length

NIGHT = QuietHours(time(21), time(7))


def utc(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        # Thimphu is six hours ahead, Kolkata five and a half, Tokyo nine.
        ("Asia/Thimphu", "11-28 14:59", "11-28 14:59"),
        ("Asia/Thimphu", "11-28 15:00", "11-29 01:00"),
        ("Asia/Thimphu", "11-28 18:30", "11-29 01:00"),
        ("Asia/Thimphu", "11-29 00:59", "11-29 01:00"),
        ("Asia/Thimphu", "11-29 01:00", "11-29 01:00"),
        ("Asia/Kolkata", "11-28 15:29", "11-28 15:29"),
        ("Asia/Kolkata", "11-28 15:30", "11-29 01:30"),
        ("Asia/Tokyo", "11-28 12:00", "11-28 22:00"),
        ("Asia/Tokyo", "11-28 22:00", "11-28 22:00"),
        # The clocks of Berlin go back in this night.
        ("Europe/Berlin", "10-24 20:00", "10-25 06:00"),
    ],
)
def test_what_can_wait_waits_for_the_morning_of_its_reader(zone, now, expected):
    assert after_quiet(utc(now), NIGHT, ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [(None, "11-28 18:00"), (QuietHours(time(7), time(7)), "11-28 18:00"), (NIGHT, "11-29 01:00")],
    ids=["none", "equal", "night"],
)
def test_no_quiet_hours_are_never_quiet(quiet, expected):
    assert after_quiet(utc("11-28 18:00"), quiet, ZoneInfo("Asia/Thimphu")) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Asia/Thimphu", "11-28 11:59", "11-28 12:00"),
        ("Asia/Thimphu", "11-28 12:00", "11-29 12:00"),
        ("Asia/Kolkata", "11-28 12:00", "11-28 12:30"),
        ("Asia/Tokyo", "11-28 12:00", "11-29 09:00"),
    ],
)
def test_the_daily_message_comes_at_the_readers_hour(zone, now, expected):
    assert next_hour(utc(now), 18, ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+97517123456", "Asia/Thimphu"),
        ("+919876543210", "Asia/Kolkata"),
        ("+81312345678", "Asia/Tokyo"),
        ("+12025550100", ""),
        ("", ""),
    ],
)
def test_a_phone_number_says_where_its_owner_lives(phone, zone):
    assert zone_of_phone(phone) == zone


@pytest.mark.parametrize(
    ("text", "encoding", "signs", "parts"),
    [
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        # A sign of two halves is not torn: 76 of them in each part.
        ("€" * 153, "GSM-7", 306, 3),
        ("अ" * 70, "UCS-2", 70, 1),
        ("अ" * 71, "UCS-2", 71, 2),
        ("འབྲུག", "UCS-2", 5, 1),
        ("a\u2019b", "UCS-2", 3, 1),
        ("😀" * 35, "UCS-2", 70, 1),
        ("", "GSM-7", 0, 1),
    ],
)
def test_an_sms_is_counted_as_the_network_counts_it(text, encoding, signs, parts):
    found = sms_length(text)

    assert (found.encoding, found.signs, found.parts) == (encoding, signs, parts)

"""Time is UTC; a date is the country's own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

TIME_ZONES = {"BT": ZoneInfo("Asia/Thimphu"), "IN": ZoneInfo("Asia/Kolkata"), "TH": ZoneInfo("Asia/Bangkok")}


def today_in(country_code: str) -> date:
    """Today's date in a country of the programme; a country without a zone here is taken as UTC."""
    return local_day(timezone.now(), country_code)


def local_day(moment: datetime, country_code: str) -> date:
    """The date that a moment has in a country of the programme. moment: aware."""
    return moment.astimezone(zone_of(country_code)).date()


def zone_of(country_code: str) -> ZoneInfo:
    """The time zone of a country of the programme, UTC for another."""
    return TIME_ZONES.get(country_code, ZoneInfo("UTC"))

"""Time is UTC; a date is the country's own."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

TIME_ZONES = {"BT": ZoneInfo("Asia/Thimphu"), "IN": ZoneInfo("Asia/Kolkata"), "TH": ZoneInfo("Asia/Bangkok")}


def today_in(country_code: str) -> date:
    """Today's date in a country of the programme; a country without a zone here is taken as UTC."""
    return timezone.now().astimezone(TIME_ZONES.get(country_code, ZoneInfo("UTC"))).date()

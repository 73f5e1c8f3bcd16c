"""Rules about cash follow their places when the land goes to another one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.models import CashRule
from regions.models import Region
from regions.services import holders


def follow_places() -> None:
    """Have the rules told of what happens to places."""
    holders.hold(holders.Holder("cash", _("places of cash on delivery"), _rules_at, _move))


def _rules_at(place: Region) -> Any:
    return (
        CashRule.objects.filter(region=place)
        .select_related("vendor", "region")
        .order_by("vendor__name", "pk")
    )


def _move(keys: Sequence[int], old: Region, new: Region) -> int:
    rows = CashRule.objects.filter(pk__in=keys)
    has_one = CashRule.objects.filter(region=new).values("vendor")
    return holders.move_rows(rows.exclude(vendor__in=has_one), "region", old=old, new=new)

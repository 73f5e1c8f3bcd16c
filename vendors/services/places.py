"""Groups and certificates follow their places when the land goes to another one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from regions.models import IdentifiedProduct, Region
from regions.services import holders
from vendors.models import Certificate, Partner


def follow_places() -> None:
    """Have groups and certificates told of what happens to places."""
    holders.hold(holders.Holder("group", _("groups"), _groups_at, _move_groups))
    holders.hold(holders.Holder("certificate", _("certificates"), _certificates_at, _move_certificates))
    holders.hear_of_products(_cover_other_product)


def _groups_at(place: Region) -> Any:
    return Partner.objects.filter(home_region=place).order_by("name", "pk")


def _certificates_at(place: Region) -> Any:
    return (
        Certificate.objects.filter(region=place).select_related("vendor", "gi").order_by("vendor__name", "pk")
    )


def _move_groups(keys: Sequence[int], old: Region, new: Region) -> int:
    return holders.move_rows(Partner.objects.filter(pk__in=keys), "home_region", old=old, new=new)


def _move_certificates(keys: Sequence[int], old: Region, new: Region) -> int:
    return holders.move_rows(Certificate.objects.filter(pk__in=keys), "region", old=old, new=new)


def _cover_other_product(old: IdentifiedProduct, new: IdentifiedProduct) -> None:
    # The old one stays: what was verified names it.
    for certificate in Certificate.objects.filter(products=old).exclude(products=new):
        certificate.products.add(new)

"""Addresses that a person keeps for orders to come."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractUserAddress


class UserAddressQuerySet(models.QuerySet["UserAddress"]):
    """Reads of kept addresses."""

    def visible_to(self, user: Any) -> Self:
        """The person's own, and nobody else's, with their countries; what orders begin with comes first."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user).select_related("country")


class UserAddress(AbstractUserAddress):
    """One address of a person, in Oscar's columns, as the address of an order has them.

    first_name: whoever receives it, in full; line1: house, street or landmark; line4: town or gewog; phone_number: whom the
    driver rings, where that is not the buyer, else empty. Oscar's hash of these, without the phone, tells one from another.
    """

    objects: ClassVar[Any] = UserAddressQuerySet.as_manager()

    class Meta(AbstractUserAddress.Meta):
        verbose_name = _("kept address")
        verbose_name_plural = _("kept addresses")
        ordering = ["-is_default_for_shipping", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="user_address_one_default",
                fields=["user"],
                condition=Q(is_default_for_shipping=True),
            ),
        ]


from oscar.apps.address.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

"""Basket and its lines, and what was set aside; changed only by orders.services.baskets and .aside."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine


class Basket(AbstractBasket):
    """Oscar's basket. One that has an order is submitted and never opened again."""


class Line(AbstractLine):
    """Oscar's line, which the database keeps from holding nothing."""

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(name="basket_line_quantity_is_positive", condition=Q(quantity__gt=0)),
            models.UniqueConstraint(
                name="basket_line_once_per_stock_record", fields=["basket", "stockrecord"]
            ),
        ]


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    """Reads of what was set aside."""

    def visible_to(self, user: Any) -> Self:
        """The person's own, and nobody else's."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()


class SetAside(models.Model):
    """Units of a listing or size that a person took out of the basket for later. title: its name of then.

    It belongs to the person and not to a basket, which ends with its order.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="set_aside"
    )
    product = models.ForeignKey(
        "catalogue.Product", verbose_name=_("listing or size"), on_delete=models.CASCADE, related_name="+"
    )
    quantity = models.PositiveIntegerField(_("units"))
    title = models.CharField(_("name of the listing when it was set aside"), max_length=255)
    created_at = models.DateTimeField(_("set aside at"), auto_now_add=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        app_label = "basket"
        verbose_name = _("thing set aside")
        verbose_name_plural = _("things set aside")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="set_aside_once", fields=["person", "product"]),
            models.CheckConstraint(name="set_aside_is_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title


from oscar.apps.basket.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

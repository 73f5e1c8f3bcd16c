"""Basket and its lines; changed only by orders.services.baskets."""

from django.db import models
from django.db.models import Q
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


from oscar.apps.basket.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

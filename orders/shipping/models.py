"""How a group sends its goods, and what that costs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vendors.models import Partner


class DeliveryMethod(models.Model):
    """One way of sending, of one group or (without a group) of the programme for every group that has none.

    price: for everything from this group, in currency, tax included; free from free_above of goods on.
    zone: seen from the group's country. days_min, days_max: from payment to the door.
    """

    class Zone(models.TextChoices):
        HOME = "home", _("inside the country")
        ABROAD = "abroad", _("to other countries")
        ANYWHERE = "anywhere", _("anywhere")

    class Carrier(models.TextChoices):
        POST = "post", _("post or courier")
        VEHICLE = "vehicle", _("bus or taxi")
        PICK_UP = "pick_up", _("pick-up")

    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group"),
        on_delete=models.CASCADE,
        related_name="delivery_methods",
        null=True,
        blank=True,
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    carrier = models.CharField(_("carrier"), max_length=8, choices=Carrier.choices)
    zone = models.CharField(_("where to"), max_length=8, choices=Zone.choices)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    free_above = models.DecimalField(
        _("free from goods of"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    days_min = models.PositiveSmallIntegerField(_("days, at least"))
    days_max = models.PositiveSmallIntegerField(_("days, at most"))
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        app_label = "shipping"
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["price", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_method_code_once", fields=["vendor", "code"], nulls_distinct=False
            ),
            models.CheckConstraint(name="delivery_price_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(name="delivery_days_in_order", condition=Q(days_min__lte=F("days_max"))),
        ]

    def __str__(self) -> str:
        return self.name


from oscar.apps.shipping.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

"""How a group sends its goods, and what that costs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.domain.delivery import Tariff
from vendors.models import Partner


class DeliveryMethod(models.Model):
    """One way of sending, of one group or (without a group) of the programme for every group that has none.

    price: for everything from this group, in currency, tax included; free from free_above of goods on.
    With weight steps, which are rows of their own, they take the place of price. zone: seen from the group's home
    place; countries narrows a zone abroad. days_min, days_max: from hand-over to the door; preparation_days come first.
    """

    class Zone(models.TextChoices):
        PLACE = "place", _("same gewog or district")
        STATE = "state", _("same dzongkhag or state")
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
    preparation_days = models.PositiveSmallIntegerField(_("days to make it ready"), default=0)
    carries_perishables = models.BooleanField(_("also for goods that spoil"), default=False)
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("only to these countries"),
        default=list,
        blank=True,
        help_text=_("Two letters each, with commas: DE, JP. Empty for all."),
    )
    pick_up_address = models.CharField(_("where to pick it up"), max_length=255, blank=True)
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
            models.CheckConstraint(
                name="delivery_free_above_something",
                condition=Q(free_above__isnull=True) | Q(free_above__gt=0),
            ),
            models.CheckConstraint(
                name="delivery_pick_up_has_address",
                condition=~Q(carrier="pick_up") | ~Q(pick_up_address=""),
                violation_error_message=_("Write where the buyer picks it up."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tariff(self) -> Tariff:
        """What it asks; the steps should have been read."""
        return Tariff(
            zone=self.zone,
            price=self.price,
            steps=[(step.up_to_grams, step.price) for step in self.steps.all()],
            free_above=self.free_above,
            countries=self.countries,
            carries_perishables=self.carries_perishables,
        )


class WeightStep(models.Model):
    """Up to this weight a package costs this, in the method's currency; heavier than the last step does not go.

    A step begins where the one below it ends, so that steps cannot overlap.
    """

    method = models.ForeignKey(
        DeliveryMethod, verbose_name=_("delivery method"), on_delete=models.CASCADE, related_name="steps"
    )
    up_to_grams = models.PositiveIntegerField(_("up to grams"))
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)

    class Meta:
        app_label = "shipping"
        verbose_name = _("weight step")
        verbose_name_plural = _("weight steps")
        ordering = ["up_to_grams"]
        constraints = [
            models.UniqueConstraint(name="weight_step_once", fields=["method", "up_to_grams"]),
            models.CheckConstraint(
                name="weight_step_is_positive", condition=Q(up_to_grams__gt=0, price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.up_to_grams} g"


from oscar.apps.shipping.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

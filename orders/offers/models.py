"""Offers: Oscar's four models, with who pays, for which places and groups, and the limits that the database keeps.

What an offer takes off is reckoned in orders.domain.offers; Oscar's own applicator is not used (docs/adr/0020).
"""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.offer.abstract_models import (
    AbstractBenefit,
    AbstractCondition,
    AbstractConditionalOffer,
    AbstractRange,
)

from marketplace.lib.states import Moves, StateEvent
from vendors.models import Partner

PERCENTAGE, ABSOLUTE = AbstractBenefit.PERCENTAGE, AbstractBenefit.FIXED


class Range(AbstractRange):
    """The goods that an offer is for: those that fit all that is said.

    Oscar's included_products and included_categories (with all below); beside them the group that sells them, and the
    place that they come from (with all below it). Oscar's other fields are not used.
    """

    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("only of this group"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("only from this place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )


class Benefit(AbstractBenefit):
    """What an offer takes off: a percentage of the goods, or an amount in the offer's currency."""

    class Meta(AbstractBenefit.Meta):
        constraints = [
            models.CheckConstraint(
                name="benefit_is_percentage_or_amount",
                condition=Q(type=PERCENTAGE, value__gt=0, value__lte=90) | Q(type=ABSOLUTE, value__gt=0),
            ),
        ]


class Condition(AbstractCondition):
    """Value: what the goods of the range must cost together at least, in the offer's currency."""


class OfferQuerySet(models.QuerySet["ConditionalOffer"]):
    """Reads of offers."""

    def running(self) -> Self:
        """Those that may be used at this moment, whatever is left of their limits."""
        now = timezone.now()
        return self.filter(state=ConditionalOffer.State.OPEN, start_datetime__lte=now, end_datetime__gt=now)

    def in_full(self) -> Self:
        """With all that is needed to reckon them; two queries more."""
        rows = self.select_related(
            "benefit", "condition__range__region", "condition__range__vendor", "payer__home_region"
        )
        return rows.prefetch_related(
            "condition__range__included_products", "condition__range__included_categories"
        )

    def running_first(self) -> Self:
        """What can still be stopped before what is over, each the newest first."""
        is_over = models.Q(end_datetime__lte=timezone.now()) | models.Q(state=ConditionalOffer.State.STOPPED)
        over = models.Case(models.When(is_over, then=1), default=0, output_field=models.IntegerField())
        return self.order_by(over, "-pk")


class ConditionalOffer(AbstractConditionalOffer):
    """An offer. title: as buyers read it; name is Oscar's, and unique. payer: the group that pays; none: the programme.

    Its terms are never changed once it is there: it is stopped, and another one made. It runs from start_datetime until
    before end_datetime, in currency alone. num_applications: orders that have it; total_discount: what it took off
    them, both without what was given back, and never above max_global_applications and max_discount. is_once: one
    order for each person. A programme's offer has a limit of money, which is what a second person agrees to.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        OPEN = "open", _("open")
        STOPPED = "stopped", _("stopped")

    MOVES: ClassVar[Moves] = {
        State.PROPOSED: frozenset({State.OPEN, State.STOPPED}),
        State.OPEN: frozenset({State.STOPPED}),
        State.STOPPED: frozenset(),
    }

    title = models.CharField(_("title"), max_length=80)
    payer = models.ForeignKey(
        Partner,
        verbose_name=_("paid by the group"),
        on_delete=models.PROTECT,
        related_name="offers",
        null=True,
        blank=True,
        help_text=_("Empty: the programme pays."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    is_once = models.BooleanField(_("once for each person"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("second person"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = OfferQuerySet.as_manager()

    class Meta(AbstractConditionalOffer.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="offer_uses_within_limit",
                condition=Q(max_global_applications__isnull=True)
                | Q(num_applications__lte=F("max_global_applications")),
            ),
            models.CheckConstraint(
                name="offer_money_within_limit",
                condition=Q(total_discount__gte=0)
                & (Q(max_discount__isnull=True) | Q(total_discount__lte=F("max_discount"))),
            ),
            models.CheckConstraint(
                name="offer_of_programme_has_money_limit",
                condition=Q(payer__isnull=False) | Q(max_discount__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_has_days",
                condition=Q(start_datetime__isnull=False, end_datetime__gt=F("start_datetime")),
            ),
            models.CheckConstraint(
                name="offer_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
            ),
        ]
        indexes = [
            models.Index(name="offer_running", fields=["end_datetime"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave out Oscar's reckoning of its own status, which nothing reads."""
        models.Model.save(self, *args, **kwargs)

    @property
    def needs_code(self) -> bool:
        """Whether it counts only for those who give its code."""
        return bool(self.offer_type == self.VOUCHER)

    @property
    def money_left(self) -> Decimal | None:
        """How much it may still take off; None without a limit."""
        return None if self.max_discount is None else self.max_discount - self.total_discount

    @property
    def has_uses_left(self) -> bool:
        """Whether one more order may have it."""
        return self.max_global_applications is None or self.num_applications < self.max_global_applications


class OfferEvent(StateEvent):
    """A move of an offer."""

    offer = models.ForeignKey(
        ConditionalOffer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "offer"
        verbose_name = _("move of an offer")
        verbose_name_plural = _("moves of offers")


class OfferPerson(models.Model):
    """That an order of a person has an offer of which each person has one; gone when the use is given back.

    key: the account, or a keyed digest of an e-mail address or phone number, so that no contact stands here.
    """

    offer = models.ForeignKey(ConditionalOffer, on_delete=models.PROTECT, related_name="persons")
    discount = models.ForeignKey("order.OrderDiscount", on_delete=models.PROTECT, related_name="persons")
    key = models.CharField(max_length=72)

    class Meta:
        app_label = "offer"
        verbose_name = _("person who used an offer")
        verbose_name_plural = _("persons who used an offer")
        constraints = [models.UniqueConstraint(name="offer_once_per_person", fields=["offer", "key"])]

    def __str__(self) -> str:
        return f"offer {self.offer_id}"


from oscar.apps.offer.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first

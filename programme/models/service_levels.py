"""How long things may wait in the queue."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_HOURS = 24 * 365


class ServiceLevel(models.Model):
    """What the office promises for one kind: decided within so many hours. Kinds without a row have the setting's."""

    kind = models.CharField(_("what it is about"), max_length=20, unique=True)
    hours = models.PositiveIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)]
    )

    class Meta:
        verbose_name = _("promised time")
        verbose_name_plural = _("promised times")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                name="service_level_in_range",
                condition=models.Q(hours__gte=1, hours__lte=LONGEST_HOURS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.hours}"

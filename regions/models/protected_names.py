"""Protected names of origin and whom their register names."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.models.places import Region


class GeographicalIndication(models.Model):
    """A protected name of origin; country is the ISO code of the country of origin, which may be a foreign one."""

    class GoodsClass(models.TextChoices):
        HANDICRAFT = "Handicraft", _("handicraft")
        AGRICULTURAL = "Agricultural", _("agricultural")
        FOOD_STUFF = "Food Stuff", _("food stuff")
        MANUFACTURED = "Manufactured", _("manufactured")
        NATURAL_GOODS = "Natural Goods", _("natural goods")

    country = models.CharField(_("country of origin"), max_length=2)
    serial = models.PositiveIntegerField(_("serial in the register of India"), null=True, blank=True)
    application_number = models.CharField(_("application number"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    goods_class = models.CharField(_("class of goods"), max_length=20, choices=GoodsClass.choices)
    states = models.CharField(_("states as printed"), max_length=160, blank=True)
    regions = models.ManyToManyField(
        Region, verbose_name=_("places"), related_name="geographical_indications", blank=True
    )
    year = models.PositiveSmallIntegerField(_("year of registration"), null=True, blank=True)
    filed = models.CharField(_("filed on"), max_length=60, blank=True)
    registered_window = models.CharField(_("registered within"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=80)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=400)

    class Meta:
        verbose_name = _("geographical indication")
        verbose_name_plural = _("geographical indications")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gi_serial_once", fields=["serial"], condition=Q(serial__isnull=False)
            ),
            models.UniqueConstraint(
                name="gi_unnumbered_once",
                fields=["country", "name", "goods_class"],
                condition=Q(serial__isnull=True),
            ),
            models.UniqueConstraint(
                name="gi_application_once", fields=["application_number"], condition=~Q(application_number="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GiParty(models.Model):
    """Whom the register names for a protected name. Only who stands in Part B may use it.

    number: in that part of the register. on: the date of the entry; until: its end, where the register gives one.
    """

    class Part(models.TextChoices):
        PROPRIETOR = "A", _("Part A: registered proprietor")
        AUTHORISED_USER = "B", _("Part B: authorised user")

    gi = models.ForeignKey(
        GeographicalIndication,
        verbose_name=_("protected name"),
        on_delete=models.CASCADE,
        related_name="parties",
    )
    part = models.CharField(_("part"), max_length=1, choices=Part.choices)
    name = models.CharField(_("name"), max_length=160)
    number = models.CharField(_("number in the register"), max_length=60, blank=True)
    on = models.DateField(_("entered on"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("entry of the register")
        verbose_name_plural = _("entries of the register")
        ordering = ["part", "name", "pk"]
        constraints = [
            models.UniqueConstraint(name="gi_party_once", fields=["gi", "part", "name", "number"]),
            models.CheckConstraint(name="gi_party_user_has_number", condition=~Q(part="B") | ~Q(number="")),
            models.CheckConstraint(
                name="gi_party_days_in_order",
                condition=Q(on__isnull=True) | Q(until__isnull=True) | Q(on__lte=F("until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.name} {self.number}".strip()

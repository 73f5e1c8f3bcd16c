"""One row for each change of a tracked row, written by a trigger in the transaction of the change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """What was added, changed or deleted; append only.

    model, row: label ("partner.partner") and key of the row. about_model, about_row: the row on whose page it is shown
    too, as the group of a membership. place: where the row belonged, if anywhere.
    before, after: values by column, only those that differ; of a row that was added only after, of one deleted only before.
    Contacts and names of people are masked. operation: the same for all that one request, task or command wrote.
    via: "POST admin:regions_region_change", "task orders.keep_accept_clock", "command load_reference".
    Keys carry no constraint: history outlives what it is about.
    """

    class Action(models.TextChoices):
        """What happened to the row."""

        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")

    at = models.DateTimeField(_("when"))
    model = models.CharField(_("kind"), max_length=64)
    row = models.CharField(_("key"), max_length=64)
    action = models.CharField(_("what"), max_length=8, choices=Action.choices)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    about_model = models.CharField(max_length=64, blank=True)
    about_row = models.CharField(max_length=64, blank=True)
    place = models.ForeignKey(
        "regions.Region",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("place"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    on_behalf_of = models.TextField(_("on behalf of"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    via = models.TextField(_("by way of"), blank=True)
    operation = models.UUIDField(_("operation"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("audit")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="change_newest"),
            models.Index(fields=["model", "row", "-at", "-id"], name="change_of_row"),
            models.Index(
                fields=["about_model", "about_row", "-at", "-id"],
                name="change_about_row",
                condition=~models.Q(about_model=""),
            ),
            models.Index(fields=["model", "-at", "-id"], name="change_of_model"),
            models.Index(fields=["person", "-at", "-id"], name="change_by_person"),
            models.Index(
                fields=["place", "-at", "-id"],
                name="change_at_place",
                condition=models.Q(place__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.action}"

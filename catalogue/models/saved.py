"""What people keep an eye on."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.listings import Product


class SavedListingQuerySet(models.QuerySet["SavedListing"]):
    """Reads of saved listings."""

    def visible_to(self, user: Any) -> Self:
        """The person's own, and nobody else's."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()


class SavedListing(models.Model):
    """A listing that a person has saved, with its name of then, for when it is no longer shown."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="saved_listings",
    )
    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.CASCADE, related_name="saved"
    )
    title = models.CharField(_("name of the listing when it was saved"), max_length=255)
    created_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    objects = SavedListingQuerySet.as_manager()

    class Meta:
        app_label = "catalogue"
        verbose_name = _("saved listing")
        verbose_name_plural = _("saved listings")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(name="saved_listing_once", fields=["person", "listing"])]

    def __str__(self) -> str:
        return self.title

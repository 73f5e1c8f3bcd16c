"""Who wants to be told when something can be had again."""

from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.listings import Product

_SIGNER = signing.Signer(salt="catalogue.stock-request")


class StockRequestQuerySet(models.QuerySet["StockRequest"]):
    """Reads of requests."""

    def visible_to(self, user: Any) -> Self:
        """The person's own, and nobody else's; a guest's is reached by its link alone."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()

    def waiting(self) -> Self:
        """Those that are told when the thing is there again."""
        return self.filter(told_at=None, confirmed_at__isnull=False)


class StockRequest(models.Model):
    """A person, or a guest by e-mail or phone, waits for a listing or size that was sold out. title: its name of then.

    A guest's counts only after the link in a message to that contact was used (confirmed_at); a person's at once. Who was
    told is told no more (told_at); asking again later is another row.
    """

    product = models.ForeignKey(
        Product, verbose_name=_("listing or size"), on_delete=models.CASCADE, related_name="stock_requests"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="stock_requests",
        null=True,
        blank=True,
    )
    email = models.EmailField(_("e-mail of a guest"), blank=True)
    phone = models.CharField(_("phone of a guest"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("name of the listing when it was asked for"), max_length=255)
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    objects = StockRequestQuerySet.as_manager()

    class Meta:
        app_label = "catalogue"
        verbose_name = _("request to be told of stock")
        verbose_name_plural = _("requests to be told of stock")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="stock_request_of_person_or_guest",
                condition=Q(person__isnull=False, email="", phone="")
                | (Q(person=None, phone="") & ~Q(email=""))
                | (Q(person=None, email="") & ~Q(phone="")),
            ),
            models.CheckConstraint(
                name="stock_request_told_after_confirmed",
                condition=Q(told_at=None) | Q(confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="stock_request_once_by_person",
                fields=["person", "product"],
                condition=Q(told_at=None, person__isnull=False),
            ),
            models.UniqueConstraint(
                name="stock_request_once_by_contact",
                fields=["email", "phone", "product"],
                condition=Q(told_at=None, person=None),
            ),
        ]
        indexes = [
            models.Index(
                name="stock_request_waiting",
                fields=["product", "id"],
                condition=Q(told_at=None, confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def token(self) -> str:
        """What names this request in links to its guest; nobody else can make it."""
        return _SIGNER.sign(str(self.pk))


def stock_request_of(token: str) -> StockRequest | None:
    """The request that a link names; None for a link that is not ours, and where it is over and cleared."""
    try:
        pk = int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return StockRequest.objects.filter(pk=pk).first()

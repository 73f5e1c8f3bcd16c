"""Asking to be told when something sold out can be had again: by people at once, by guests after they have confirmed."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from catalogue.errors import InStock, WaitsForTooMuch
from catalogue.models import Product, StockRequest
from marketplace.lib.addresses import public_link
from notices.services.queueing import Recipient, notify
from people.errors import TooManyTries
from people.services import limits
from vendors.models import StockRecord

MOST = 100
# So long a contact that nobody has confirmed is kept, and so long what was told of.
UNCONFIRMED = timedelta(days=2)
TOLD = timedelta(days=30)


def can_be_asked_for(product_pk: int) -> Product:
    """A listing without sizes, or a size, that shoppers see and that is sold out.

    Raises Product.DoesNotExist, InStock.
    """
    live = Product.objects.live().exclude(structure=Product.PARENT)
    shown = live.filter(Q(parent=None) | Q(parent__in=Product.objects.live()))
    product = shown.select_related("parent", "vendor").get(pk=product_pk)
    if StockRecord.objects.filter(product=product, num_in_stock__gt=F("num_allocated")).exists():
        raise InStock
    return product


def ask(person: Any, product_pk: int) -> StockRequest:
    """Let a person be told, once; asking twice is one request.

    Raises Product.DoesNotExist, InStock, WaitsForTooMuch.
    """
    product = can_be_asked_for(product_pk)
    open_ones = StockRequest.objects.filter(person=person, told_at=None)
    if not open_ones.filter(product=product).exists() and open_ones.count() >= MOST:
        raise WaitsForTooMuch(MOST)
    found, _created = StockRequest.objects.get_or_create(
        person=person,
        product=product,
        told_at=None,
        defaults={
            "title": product.get_title(),
            "language": person.preferred_language,
            "confirmed_at": timezone.now(),
        },
    )
    return found


@transaction.atomic
def ask_as_guest(contact: str, product_pk: int, *, language: str, address: str) -> None:
    """Write to an e-mail address or a phone, which is told of stock only after its owner has said yes by the link in that message.

    contact: in normal form; address: of the visitor. The answer is the same whether the contact is known, waits already or
    has said no. Raises Product.DoesNotExist, InStock, people.errors.TooManyTries.
    """
    product = can_be_asked_for(product_pk)
    shares = ((limits.STOCK_BY_ADDRESS, address), (limits.STOCK_BY_CONTACT, contact))
    if not all(limits.take(limit, subject) for limit, subject in shares):
        raise TooManyTries
    email, phone = (contact, "") if "@" in contact else ("", contact)
    request, created = StockRequest.objects.get_or_create(
        person=None,
        email=email,
        phone=phone,
        product=product,
        told_at=None,
        defaults={"title": product.get_title(), "language": language},
    )
    if not created:
        # Whoever pressed twice has the message already.
        return
    # Without a person, even where one has this contact: nobody but its reader has said yes yet.
    notify(
        f"stock-asked:{request.pk}",
        "stock_asked",
        to=Recipient(email=email, phone=phone, language=language),
        context={
            "listing": product.called(language),
            "vendor": product.vendor.name,
            "link": public_link(reverse("stock-request", args=[request.token]), language=language),
        },
        expires_at=request.created_at + UNCONFIRMED,
    )


def confirm(request: StockRequest) -> None:
    """The guest says yes; twice is once."""
    StockRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def cancel(request: StockRequest) -> None:
    """Wait no more, and forget the contact; twice is once."""
    StockRequest.objects.filter(pk=request.pk).delete()


def cancel_own(person: Any, product_pk: int) -> None:
    """The same for what a person waits for; twice is once."""
    StockRequest.objects.filter(person=person, product=product_pk, told_at=None).delete()


def clear_old() -> int:
    """Forget contacts that nobody has confirmed, and what was told of long ago; returns how many rows."""
    now = timezone.now()
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - UNCONFIRMED)
    return StockRequest.objects.filter(unconfirmed | Q(told_at__lt=now - TOLD)).delete()[0]

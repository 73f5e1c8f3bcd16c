"""Saved for later: out of the basket onto a list of one's own, and back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from orders.basket.models import Basket, Line, SetAside
from orders.errors import TooMuchSetAside
from orders.services.baskets import add_to_basket, forget_cached_lines, lock_basket
from vendors.models import StockRecord

# A page of the basket reads all of them.
MOST = 100


@dataclass(frozen=True)
class Returned:
    """What went back into the basket. units: how many; left: how many stay set aside, since no more are there."""

    title: str
    units: int
    left: int


@transaction.atomic
def set_aside(basket: Basket, person: Any, product_pk: int) -> str | None:
    """Move all units of a listing or size from a basket onto the person's list; returns its name.

    Units that lie on the list already are added to. None where the basket does not hold it (any more), and nothing
    changes. Raises BasketClosed, TooMuchSetAside.
    """
    if basket.pk is None:
        return None
    # The basket first, in both directions: so that they never wait for each other.
    lock_basket(basket)
    line = Line.objects.filter(basket=basket, product=product_pk).select_related("product__parent").first()
    if line is None:
        return None
    mine = SetAside.objects.filter(person=person)
    if not mine.filter(product=product_pk).update(quantity=F("quantity") + line.quantity):
        if mine.count() >= MOST:
            raise TooMuchSetAside
        title = line.product.get_title()
        SetAside.objects.create(person=person, product=line.product, quantity=line.quantity, title=title)
    line.delete()
    forget_cached_lines(basket)
    return line.product.called()


@transaction.atomic
def put_back(basket: Basket, person: Any, product_pk: int) -> Returned | None:
    """Move units from the person's list back into the basket, as many as can be had now; the rest stays on the list.

    None where it is not on the list (any more). Raises the errors of add_to_basket where not one can be had, and then
    nothing changes.
    """
    if basket.pk is not None:
        lock_basket(basket)
    row = SetAside.objects.select_for_update().filter(person=person, product=product_pk).first()
    if row is None:
        return None
    units = max(1, min(row.quantity, _to_be_had(basket, product_pk)))
    add_to_basket(basket, product_pk, units)
    left = row.quantity - units
    if left:
        SetAside.objects.filter(pk=row.pk).update(quantity=left)
    else:
        row.delete()
    return Returned(row.product.called(), units, left)


def forget(person: Any, product_pk: int) -> None:
    """Take a thing off the person's list; twice is once."""
    SetAside.objects.filter(person=person, product=product_pk).delete()


def _to_be_had(basket: Basket, product_pk: int) -> int:
    """Units free of it beyond those that the basket holds."""
    stock = StockRecord.objects.filter(product=product_pk).first()
    if stock is None:
        return 0
    line = Line.objects.filter(basket=basket.pk, stockrecord=stock).first()
    left: int = stock.num_in_stock - stock.num_allocated
    return left - (line.quantity if line else 0)

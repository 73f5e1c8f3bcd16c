"""The papers of an order: the buyer's receipt, each group's invoice, and a credit note for each refund."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order
from payments.selectors.papers import credited_parts
from storefront.foreign import filled


@dataclass(frozen=True)
class Paper:
    """A PDF: what it is in words, and its address."""

    words: str
    url: str


def order_papers(order: Order) -> list[Paper]:
    """Papers of an order that was handed to its groups, none before; two queries."""
    if order.released_at is None:
        return []
    papers = []
    if order.paid_at is not None:
        papers.append(Paper(_("Receipt for the whole order"), reverse("order-receipt", args=[order.number])))
    credited = credited_parts(order)
    for part in order.vendor_orders.select_related("vendor").order_by("pk"):
        name = {"group": part.vendor.name}
        url = reverse("order-invoice", args=[order.number, part.number])
        papers.append(Paper(filled(_("Invoice of %(group)s"), **name), url))
        for refund in credited.get(part.pk, ()):
            url = reverse("order-credit-note", args=[order.number, part.number, refund])
            papers.append(Paper(filled(_("Credit note of %(group)s"), **name), url))
    return papers

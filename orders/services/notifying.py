"""What buyers and groups are told about an order; each notice is queued once, in the caller's transaction."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.signing import Signer
from django.utils import timezone
from django.utils.translation import gettext, override

from marketplace.lib.addresses import public_link
from marketplace.lib.dates import local_day
from marketplace.lib.money import format_money
from notices.services.queueing import Recipient, notify
from orders.days import day_words
from orders.models import Order, VendorOrder
from orders.selectors.offers import discount_words
from vendors.services.telling import tell_members

STATUS_LINK_SALT = "orders.status-link"


def status_link(order: Order) -> str:
    """Full address of the status page, with a signature that lets a guest in."""
    page = public_link(order.get_absolute_url(), language=order.language)
    return f"{page}?key={status_key(order)}"


def status_key(order: Order) -> str:
    """Signature of the order's number, for links sent to the buyer."""
    return Signer(salt=STATUS_LINK_SALT).signature(order.number)


def offers_words(order: Order) -> str:
    """What offers took off an order and who gives them, in the buyer's language; empty where none did."""
    with override(order.language):
        return "; ".join(
            f"{each.offer_name}, {discount_words(each)}: {format_money(-each.amount, order.currency)}"
            for each in order.discounts.select_related("payer").order_by("pk")
        )


def what_comes(order: Order, parts: Sequence[VendorOrder]) -> dict[str, str]:
    """What a buyer is told of an order that was handed to its groups: goods and days of each part, and the address.

    parts: just handed over, with their lines and their groups' home regions read.
    """
    address = order.shipping_address
    lines = (
        [address.first_name, address.line1, address.line4, address.state, address.postcode] if address else []
    )
    with override(order.language):
        return {
            "parts": "\n\n".join(_part_words(part) for part in parts),
            "address": ", ".join(line for line in lines if line),
        }


def _part_words(part: VendorOrder) -> str:
    goods = [f"{line.quantity} x {line.title} {line.size_label}".strip() for line in part.lines.all()]
    begun = local_day(part.released_at or timezone.now(), part.vendor.home_region.country_code)
    first, last = (begun + timedelta(days=days) for days in (part.delivery_days_min, part.delivery_days_max))
    days = day_words(first, last, is_pick_up=bool(part.pick_up_address))
    where = [f"{gettext('You pick it up here:')} {part.pick_up_address}"] if part.pick_up_address else []
    return "\n".join([part.vendor.name, *goods, f"{part.delivery_name}: {days}", *where])


def tell_buyer(order: Order, kind: str, *, about: str = "", **values: str) -> None:
    """Queue a notice to the buyer, by e-mail and SMS where given.

    kind: name of the templates; about: what makes it unique within the order, such as a vendor order's number.
    """
    buyer = Recipient(
        email=order.contact_email, phone=order.contact_phone, language=order.language, person=order.user
    )
    context = {
        "number": order.number,
        "total": str(order.total_incl_tax),
        "currency": order.currency,
        "link": status_link(order),
        **values,
    }
    notify(f"order:{order.number}:{kind}:{about}", kind, to=buyer, context=context)


def tell_group(vendor_order: VendorOrder, kind: str, *, about: str = "", **values: str) -> None:
    """Queue a notice to every member of the group, and to the group's own contacts.

    about: what makes it unique within the vendor order; empty for what is told once.
    """
    context = {
        "number": vendor_order.number,
        "total": str(vendor_order.total),
        "currency": vendor_order.currency,
        "link": public_link(vendor_order.get_absolute_url()),
        **values,
    }
    key = f"vendor-order:{vendor_order.number}:{kind}" + (f":{about}" if about else "")
    tell_members(vendor_order.vendor, kind, key=key, context=context)


def code_words(code: str, *, language: str) -> str:
    """What a buyer is told of a hand-over code, in a language; empty where there is none."""
    if not code:
        return ""
    with override(language):
        return gettext("Hand-over code: %(code)s. Say it when you take the goods.") % {"code": code}

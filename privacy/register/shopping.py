"""What is held about somebody who buys."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import User
from privacy.register.base import ByService, Erased, Stays, Told, Wiped, contacts_of

_PAPERS = _("Law asks for the papers of a sale for years: what was sold, for how much, and to whom.")
_BOOKS = _("The books of the programme and of the group must agree with the bank for years.")
_GROUNDS = _("They are the grounds on which money went back, or did not.")


def _of_order(path: str) -> Callable[[User], Q]:
    return lambda person: Q(**{path: person})


def _basket_lines(person: User) -> Q:
    return Q(basket__owner=person) & ~Q(basket__status="Submitted")


SHOPPING: tuple[Told, ...] = (
    Told(
        "order.Order",
        _("Orders"),
        lambda person: Q(user=person),
        (
            "number",
            "date_placed",
            "status",
            "currency",
            "total_incl_tax",
            "shipping_incl_tax",
            "guest_email",
            "guest_phone",
            "language",
            "paid_at",
            "kept_at",
            "is_gift",
            "gift_message",
        ),
        ("user", "guest_email", "guest_phone"),
        Wiped({"guest_email": "", "guest_phone": "", "gift_message": ""}, _PAPERS),
    ),
    Told(
        "order.ShippingAddress",
        _("Addresses of orders"),
        _of_order("order__user"),
        (
            "order__number",
            "first_name",
            "line1",
            "line4",
            "state",
            "postcode",
            "country",
            "phone_number",
            "notes",
        ),
        ("phone_number",),
        Wiped({"phone_number": "", "notes": ""}, _PAPERS),
    ),
    Told(
        "order.VendorOrder",
        _("Parts of orders"),
        _of_order("order__user"),
        (
            "number",
            "vendor__name",
            "state",
            "goods_total",
            "delivery_name",
            "delivery_price",
            "total",
            "delivered_at",
        ),
        (),
        Stays(_PAPERS),
    ),
    Told(
        "order.Line",
        _("Goods of orders"),
        _of_order("order__user"),
        (
            "vendor_order__number",
            "title",
            "size_label",
            "quantity",
            "cancelled_quantity",
            "short_reason",
            "unit_price_incl_tax",
            "line_price_incl_tax",
        ),
        (),
        Stays(_PAPERS),
    ),
    Told(
        "payments.Invoice",
        _("Invoices and credit notes"),
        _of_order("vendor_order__order__user"),
        ("number", "kind", "vendor_order__number", "seller_name", "currency", "total", "issued_at"),
        (),
        Stays(_PAPERS),
    ),
    Told(
        "payments.PaymentAttempt",
        _("Payments"),
        _of_order("order__user"),
        (
            "order__number",
            "provider",
            "state",
            "currency",
            "amount",
            "buyer_reference",
            "created_at",
            "settled_at",
        ),
        (),
        Stays(_BOOKS),
    ),
    Told(
        "payments.Refund",
        _("Money given back"),
        _of_order("attempt__order__user"),
        ("attempt__order__number", "reason", "state", "currency", "amount", "created_at"),
        (),
        Stays(_BOOKS),
    ),
    Told(
        "order.Return",
        _("Returns"),
        lambda person: Q(vendor_order__order__user=person) | Q(asked_by=person),
        ("vendor_order__number", "reason", "words", "sent_how", "state", "created_at"),
        ("asked_by",),
        Wiped({"words": "", "sent_how": ""}, _GROUNDS),
    ),
    Told(
        "order.ReturnPhoto",
        _("Photos of returns"),
        lambda person: Q(case__vendor_order__order__user=person, by_group=False),
        ("case__vendor_order__number", "name"),
        (),
        ByService(_("The photos are removed.")),
    ),
    Told(
        "order.Review",
        _("Reviews"),
        lambda person: Q(written_by=person) | Q(line__order__user=person),
        ("listing__title", "stars", "title", "words", "name", "place", "state", "submitted_at"),
        ("written_by",),
        ByService(_("They stay without a name, or are taken away, as you choose.")),
    ),
    Told(
        "voucher.VoucherApplication",
        _("Vouchers used"),
        lambda person: Q(user=person) | Q(order__user=person),
        ("voucher__code", "order__number", "date_created"),
        ("user",),
        Stays(_BOOKS),
    ),
    Told(
        "basket.Basket",
        _("Baskets"),
        lambda person: Q(owner=person) & ~Q(status="Submitted"),
        ("status", "date_created"),
        ("owner",),
        Erased(),
    ),
    Told(
        "basket.Line",
        _("Goods in baskets"),
        _basket_lines,
        ("product__title", "quantity", "date_created"),
        (),
        Erased(),
    ),
    Told(
        "basket.SetAside",
        _("Kept for later"),
        lambda person: Q(person=person),
        ("title", "quantity", "created_at"),
        ("person",),
        Erased(),
    ),
    Told(
        "catalogue.SavedListing",
        _("Saved listings"),
        lambda person: Q(person=person),
        ("title", "created_at"),
        ("person",),
        Erased(),
    ),
    Told(
        "catalogue.StockRequest",
        _("To be told when back in stock"),
        lambda person: Q(person=person) | Q(email__in=contacts_of(person)) | Q(phone__in=contacts_of(person)),
        ("product__title", "email", "phone", "created_at"),
        ("person", "email", "phone"),
        Erased(),
    ),
    Told(
        "catalogue.Follow",
        _("Places and groups that you follow"),
        lambda person: Q(person=person),
        ("region__name", "vendor__name", "created_at"),
        ("person",),
        Erased(),
    ),
    Told(
        "catalogue.FollowNews",
        _("The weekly message about them"),
        lambda person: Q(person=person),
        ("is_wanted", "told_until"),
        ("person",),
        Erased(),
    ),
    Told(
        "customer.ProductAlert",
        _("Alerts about goods"),
        lambda person: Q(user=person) | Q(email__in=contacts_of(person)),
        ("product__title", "email", "status", "date_created"),
        ("user", "email"),
        Erased(),
    ),
    Told(
        "address.UserAddress",
        _("Addresses that you keep"),
        lambda person: Q(user=person),
        (
            "first_name",
            "line1",
            "line4",
            "state",
            "postcode",
            "country",
            "phone_number",
            "is_default_for_shipping",
            "date_created",
        ),
        ("user", "phone_number"),
        Erased(),
    ),
    Told(
        "programme.MisuseReport",
        _("Reports of misuse"),
        lambda person: Q(person=person) | Q(contact__in=contacts_of(person)),
        ("reason", "words", "contact", "created_at"),
        ("person", "contact"),
        Wiped({"person": None, "contact": ""}, _("What was reported is decided without knowing by whom.")),
    ),
)

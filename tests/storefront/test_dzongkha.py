"""Dzongkha: what leads to a purchase, the order, its refusals and notices are whole, file by file."""

from pathlib import Path

import django.core.validators
import django.forms.fields
import django.forms.models
import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from orders.models import Order, Return, Shipment, VendorOrder
from payments.models import Refund
from tests.support.texts import texts_of

ROOT = Path(settings.BASE_DIR)

REFUSALS = (
    "orders/errors.py",
    "orders/selectors/aside.py",
    "orders/selectors/offers.py",
    "orders/services/codes.py",
    "orders/services/reordering.py",
    "payments/errors.py",
    "programme/services/misuse.py",
    "marketplace/lib/photos.py",
)
WORDS_OF_PAGES = (
    "orders/reasons.py",
    "orders/services/notifying.py",
    "payments/documents/invoices.py",
    "payments/documents/receipts.py",
    "payments/documents/words.py",
    "storefront/account/addresses.py",
    "storefront/account/codes.py",
    "storefront/account/confirming.py",
    "storefront/account/following.py",
    "storefront/account/forms.py",
    "storefront/account/keeping.py",
    "storefront/account/reach.py",
    "storefront/account/views.py",
    "storefront/checkout/address_fields.py",
    "storefront/checkout/forms.py",
    "storefront/deliver_to.py",
    "storefront/delivery.py",
    "storefront/discounts.py",
    "storefront/finding.py",
    "storefront/forms.py",
    "storefront/listing_page.py",
    "storefront/offers.py",
    "storefront/order_days.py",
    "storefront/order_page.py",
    "storefront/order_steps.py",
    "storefront/papers.py",
    "storefront/pay_box.py",
    "storefront/payment.py",
    "storefront/pressed.py",
    "storefront/report_forms.py",
    "storefront/return_forms.py",
    "storefront/review_forms.py",
    "storefront/review_words.py",
    "storefront/rows.py",
    "storefront/stock_forms.py",
    "storefront/views/back_in_stock.py",
    "storefront/views/basket.py",
    "storefront/views/codes.py",
    "storefront/views/following.py",
    "storefront/views/orders.py",
    "storefront/views/reordering.py",
    "storefront/views/reports.py",
    "storefront/views/returns.py",
    "storefront/views/reviews.py",
    "storefront/views/saving.py",
    "storefront/views/words.py",
    "storefront/word_forms.py",
)
PAGES = (
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "500.html",
    "503.html",
    "error.html",
    "base.html",
    "base_checkout.html",
    "account/address.html",
    "account/addresses.html",
    "account/code.html",
    "account/confirm.html",
    "account/following.html",
    "account/home.html",
    "account/join.html",
    "account/new.html",
    "account/parts/address_row.html",
    "account/parts/keep.html",
    "account/password.html",
    "account/saved.html",
    "account/sign_in.html",
    "account/stock.html",
    "checkout/*.html",
    "checkout/parts/*.html",
    "storefront/basket.html",
    "storefront/deliver_to.html",
    "storefront/filters.html",
    "storefront/follow*.html",
    "storefront/group_detail.html",
    "storefront/home.html",
    "storefront/listing_*.html",
    "storefront/order_*.html",
    "storefront/place_*.html",
    "storefront/report.html",
    "storefront/return_*.html",
    "storefront/review.html",
    "storefront/stock_request.html",
    "storefront/wrong_word.html",
    "storefront/parts/keep_order.html",
    "storefront/parts/named_earlier.html",
    "storefront/parts/return_*.html",
    "storefront/parts/terms.html",
    "storefront/parts/understood.html",
)
# Of the desk and of the yearly figures.
COMPONENTS_OF_OTHERS = {
    "diff.html",
    "diff_photos.html",
    "impact_table.html",
    "statement.html",
}
NOTICES = (
    "bank_transfer",
    "cash_taken",
    "daily_digest",
    "follow_news",
    "goods_kept",
    "goods_returned",
    "misuse_decided",
    "one_time_code",
    "order_expired",
    "order_on_delivery",
    "order_paid",
    "order_placed",
    "package_shipped",
    "part_accepted",
    "part_cancelled",
    "part_cancelled_by_buyer",
    "part_not_accepted",
    "part_short",
    "payment_over",
    "payment_returned",
    "payment_short",
    "refund_made",
    "return_agreed",
    "return_asked",
    "return_at_office",
    "return_declined",
    "return_ended",
    "return_refused",
    "review_asked",
    "review_refused",
    "review_taken_down",
    "stock_asked",
    "stock_back",
    "vendor_order_delivered",
    "vendor_order_shipped",
)
STATES = (Order.Status, VendorOrder.State, Return.State, Return.Reason, Shipment.Carrier, Refund.Reason)
# What Django itself says beside a field.
OF_FIELDS = {
    "This field is required.",
    "Enter a valid email address.",
    "Enter a whole number.",
    "Enter a number.",
    "Enter a valid value.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
    "Null characters are not allowed.",
    "The submitted file is empty.",
    "No file was submitted. Check the encoding type on the form.",
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
}


def files():
    templates = ROOT / "templates"
    components = (templates / "components").glob("*.html")
    return [
        *(ROOT / path for path in REFUSALS + WORDS_OF_PAGES),
        *(path for pattern in PAGES for path in sorted(templates.glob(pattern)) or [templates / pattern]),
        *sorted(path for path in components if path.name not in COMPONENTS_OF_OTHERS),
        *(templates / "notices" / f"{kind}.{way}.txt" for kind in NOTICES for way in ("email", "sms")),
    ]


@pytest.fixture(scope="module")
def said():
    """(context, words) of everything that has its words in Dzongkha."""
    with (ROOT / "locale" / "dz" / "LC_MESSAGES" / "django.po").open("rb") as written:
        rows = [row for row in read_po(written) if row.id and not row.fuzzy]
    return {
        (row.context, row.id if isinstance(row.id, str) else row.id[0])
        for row in rows
        if (row.string if isinstance(row.string, str) else all(row.string))
    }


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_of_the_file_is_in_dzongkha(path, said):
    assert texts_of(path) - said == set()


def test_every_state_that_a_buyer_reads_is_in_dzongkha(said):
    labels = {(None, str(label)) for states in STATES for label in states.labels}

    assert labels - said == set()


def test_what_django_says_beside_a_field_is_in_dzongkha(said):
    modules = (django.forms.fields, django.forms.models, django.core.validators)
    its_own = {words for module in modules for _context, words in texts_of(Path(module.__file__))}

    assert OF_FIELDS - its_own == set()
    assert {(None, words) for words in OF_FIELDS} - said == set()


def test_a_text_of_every_form_that_nobody_translated_is_found(tmp_path, said):
    page, code = tmp_path / "page.html", tmp_path / "code.py"
    page.write_text(
        '{% load i18n %}{% trans "Not said 1" %} {{ _("Not said 2") }} {% include "x" with a=_("Not said 3") %}'
        "{% blocktrans trimmed %}\n  Not said\n  {{ four }}\n{% endblocktrans %}"
        "{% blocktrans count n=n %}{{ n }} unsaid{% plural %}{{ n }} all unsaid{% endblocktrans %}"
        '{% trans "May" context "not said" %}{% trans "Basket" %}'
    )
    code.write_text(
        'a = _("Not " "said 5")\nb = ngettext_lazy("unsaid", "all unsaid", "n")\nc = _("Basket")\n'
    )

    assert texts_of(page) - said == {
        (None, "Not said 1"),
        (None, "Not said 2"),
        (None, "Not said 3"),
        (None, "Not said %(four)s"),
        (None, "%(n)s unsaid"),
        ("not said", "May"),
    }
    assert texts_of(code) - said == {(None, "Not said 5"), (None, "unsaid")}

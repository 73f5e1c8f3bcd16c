"""Every kind of notice that is sent has words for every channel, and every template is sent by somebody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

ROOMS = ("notices", "regions", "vendors", "catalogue", "orders", "payments", "storefront", "dashboard")
CALL = re.compile(
    r"""\b(?:notify|tell_buyer|tell_group|tell_vendor|tell_of_payout)\(\s*[^)]*?,\s*(?:kind=)?"([a-z_]+)\"""",
    re.DOTALL,
)
FOLDER = Path(settings.BASE_DIR) / "templates" / "notices"
TEMPLATES = sorted(file.name for file in FOLDER.glob("*.txt"))
VALUES = {
    "number": "7K3M-2291-9X",
    "vendor": "Khoma weavers",
    "total": "310.00",
    "amount": "310.00",
    "currency": "INR",
    "link": "https://shop.example/orders/7K3M-2291-9X/?key=" + "k" * 43,
    "goods": "1 x Kushuthara",
    "carrier": "bus or taxi",
    "tracking": "BP-1-A1234",
    "missing": "60.00",
    "until": "28 November 2026",
    "holder": "Example programme office",
    "account": "100000000001",
    "bank": "Example Bank, Thimphu",
    "on": "2026-11-28",
    "contact": "shop@example.org",
    "reason": "account closed",
    "reference": "BOB-1",
    "subject": "an event could not be handled",
    "detail": "event 17",
    "site_name": "One Place One Product",
}


def kinds_in_code():
    """Words handed to notify, tell_buyer and tell_group as the kind."""
    found = set()
    for room in ROOMS:
        for file in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            found.update(CALL.findall(file.read_text(encoding="utf-8")))
    return found


def test_the_kinds_in_the_code_are_the_kinds_with_templates():
    with_templates = {name.split(".")[0] for name in TEMPLATES}

    assert kinds_in_code() == with_templates
    assert {"order_placed", "order_paid", "new_sale", "vendor_order_shipped", "staff_alert"} <= with_templates


def test_every_kind_has_words_for_email_and_for_sms():
    kinds = {name.split(".")[0] for name in TEMPLATES}

    assert [f"{kind}.{channel}.txt" for kind in sorted(kinds) for channel in ("email", "sms")] == TEMPLATES


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_renders_whole_in_every_language(name, language):
    with translation.override(language):
        text = render_to_string(f"notices/{name}", VALUES).strip()

    assert text
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text
    if name.endswith(".email.txt"):
        subject, _, body = text.partition("\n")
        assert 0 < len(subject.strip()) <= 100
        assert len(body.strip()) > 20
    else:
        assert "\n" not in text


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".sms.txt")])
def test_an_sms_fits_into_two_parts_without_its_link(name):
    with translation.override("en"):
        text = render_to_string(f"notices/{name}", {**VALUES, "link": ""}).strip()

    assert len(text) <= 306


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_uses_no_value_that_nobody_gives(name):
    words = set(re.findall(r"\{\{ *([a-z_]+) *\}\}", (FOLDER / name).read_text(encoding="utf-8")))

    assert words <= set(VALUES)

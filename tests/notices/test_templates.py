"""Every kind of notice that is sent has words for every channel, and every template is sent by somebody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from notices.kinds import (
    KINDS,
    UnknownKind,
    catalogue,
    nominations,
    orders,
    payments,
    programme,
    returns,
    staff,
    vendors,
)
from notices.kinds.base import SAMPLES
from notices.models import Notice
from notices.services.queueing import Recipient, notify

PARTS = (orders, returns, payments, catalogue, vendors, nominations, programme, staff)
ROOMS = (
    "regions",
    "vendors",
    "catalogue",
    "orders",
    "payments",
    "programme",
    "storefront",
    "dashboard",
    "people",
    "notices",
)
FOLDER = Path(settings.BASE_DIR) / "templates" / "notices"
TEMPLATES = sorted(file.name for file in FOLDER.glob("*.txt"))
REGISTER = "notices/kinds/ says in its first lines how a kind is added"


def words_in_code():
    """Every text in the code that could be a kind, but those of the register itself."""
    found = set()
    for room in ROOMS:
        for file in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            if "kinds" in file.parent.parts or "migrations" in file.parent.parts:
                continue
            found.update(re.findall(r'"([a-z_]+)"', file.read_text(encoding="utf-8")))
    return found


def test_every_kind_in_the_register_has_words_for_email_and_for_sms_and_no_text_is_without_a_kind():
    wanted = {f"{kind}.{channel}.txt" for kind in KINDS for channel in ("email", "sms")}

    assert not wanted - set(TEMPLATES), f"write these in templates/notices/; {REGISTER}"
    assert not set(TEMPLATES) - wanted, f"add a row for these to the register: {REGISTER}"
    assert {"order_placed", "order_paid", "new_sale", "vendor_order_shipped", "staff_alert"} <= set(KINDS)


def test_every_kind_in_the_register_is_used_by_the_code():
    assert not set(KINDS) - words_in_code(), "no code sends these: remove row and texts, or send them"


def test_a_kind_is_in_the_register_once_and_each_of_its_values_has_an_example():
    rows = [kind for part in PARTS for kind in part.KINDS]
    without = {(kind.code, name) for kind in rows for name in kind.values if name not in SAMPLES}

    assert len(rows) == len(KINDS), "two rows have the same code"
    assert not without, "add an example of each value to SAMPLES in notices/kinds/base.py"


@pytest.mark.django_db
def test_a_kind_that_is_not_in_the_register_is_refused_with_words_that_say_what_to_do():
    to = Recipient(email="dema@example.org", phone="", language="en")

    with pytest.raises(UnknownKind, match="add a row to the module of its room in notices/kinds/"):
        notify("key", "no_such_kind", to=to, context={})

    assert not Notice.objects.exists()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_renders_whole_in_every_language(name, language):
    with translation.override(language):
        text = render_to_string(f"notices/{name}", samples(name)).strip()

    assert text
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text
    if name.endswith(".email.txt"):
        subject, _, body = text.partition("\n")
        assert 0 < len(subject.strip()) <= 100
        assert len(body.strip()) > 20
    else:
        assert "\n" not in text or name.startswith("daily_digest")


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".sms.txt")])
def test_an_sms_fits_into_two_parts_without_its_link(name):
    with translation.override("en"):
        text = render_to_string(f"notices/{name}", {**samples(name), "link": ""}).strip()

    assert len(text) <= 306


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_uses_no_value_that_nobody_gives(name):
    words = set(re.findall(r"\{\{ *([a-z_]+) *\}\}", (FOLDER / name).read_text(encoding="utf-8")))

    assert not words - set(samples(name)), f"the row of {name} names other values; {REGISTER}"


def samples(name):
    """Sample values of the kind that a file of texts belongs to."""
    return KINDS[name.split(".")[0]].samples

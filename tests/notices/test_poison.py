"""Values that people typed to break a message: they are sent as words, or left out."""

import pytest

from notices.domain.sms import MOST_PARTS, sms_length
from notices.models import Notice
from notices.services.queueing import Recipient, notify
from notices.services.rendering import render
from notices.services.sending import send_waiting

pytestmark = pytest.mark.django_db
BOTH = Recipient(email="dema@example.org", phone="+97517123456", language="en")
LINK = "https://shop.example/o/1"


def sale(**values):
    base = {
        "number": "7K3M",
        "vendor": "Khoma",
        "total": "310.00",
        "currency": "INR",
        "link": LINK,
        "goods": "Rice",
    }
    return {**base, **values}


@pytest.mark.parametrize("sign", ["\0", "\ud800", "\x1b", "\u202e", "\u2066"])
def test_a_sign_that_no_database_takes_or_that_hides_words_is_left_out_and_loses_no_notice(
    sign, mailoutbox, sms_outbox
):
    notify("k", "new_sale", to=BOTH, context=sale(vendor=f"Kho{sign}ma"))

    assert send_waiting() == 2

    assert sign not in mailoutbox[0].body + sms_outbox[0].text
    assert "Khoma" in mailoutbox[0].subject
    assert "Khoma" in sms_outbox[0].text


def test_a_line_break_in_a_name_tears_neither_subject_nor_sms():
    values = sale(vendor="Khoma\nweavers\r\nBcc: all@example.org")

    email, sms = (render("new_sale", channel, "en", values) for channel in Notice.Channel)

    assert email.subject == "New order 7K3M for Khoma weavers Bcc: all@example.org"
    assert not email.text.startswith("weavers")
    assert "\n" not in sms.text


def test_a_remark_keeps_its_lines_in_an_email():
    remark = {"vendor": "Khoma", "note": "The photo is dark.\nTake another.", "link": LINK}

    assert "The photo is dark.\nTake another." in render("group_returned", "email", "en", remark).text


@pytest.mark.parametrize("language", ["en", "hi"])
def test_ten_thousand_signs_make_no_sms_that_phones_refuse_and_the_link_stays_whole(language):
    text = render("new_sale", "sms", language, sale(goods="rice " * 2000, vendor="ब" * 10000)).text

    assert sms_length(text).parts <= MOST_PARTS
    assert text.endswith(LINK)
    assert len(render("new_sale", "email", language, sale(vendor="x" * 10000)).subject) <= 150


@pytest.mark.parametrize(
    "word", ["{site_name}", "%s %(vendor)s %", "{{ number }}", "{% now 'Y' %}", "R&D <b>"]
)
def test_what_looks_like_a_placeholder_is_a_word_like_any_other(word):
    for channel in Notice.Channel:
        for language in ("en", "hi"):
            assert word in render("new_sale", channel, language, sale(vendor=word)).text

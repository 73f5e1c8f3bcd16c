"""Markup and formulas in the name of what was sold are words in papers and exports."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from orders.services import fulfilment
from tests.dashboard.given import member_of, paid_part
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

TITLE = "=1+<b>Rice</b> & <para> {number}"


def test_title_is_words_in_slip_pick_list_and_export(client):
    listing = a_listing(title=TITLE, size_label="<i>5</i> & kg")
    part = paid_part(listing)
    person = member_of(listing.vendor)
    fulfilment.accept(part, actor=person)
    client.force_login(person)

    papers = [
        client.get(reverse("dashboard-order-slip", args=[part.number]), {"language": "en"}),
        client.get(reverse("dashboard-pick-list")),
    ]
    table = client.get(reverse("dashboard-orders-csv")).content.decode("utf-8-sig")
    page = client.get(reverse("dashboard-order-detail", args=[part.number])).content.decode()

    for paper in papers:
        text = " ".join(each.extract_text() for each in PdfReader(BytesIO(paper.content)).pages)
        assert "<b>Rice</b> &" in " ".join(text.split())
    cells = [cell for row in csv.reader(StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]
    assert any("<b>Rice</b>" in cell for cell in cells)
    assert "<b>Rice" not in page

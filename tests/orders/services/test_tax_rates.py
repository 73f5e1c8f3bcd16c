"""Tax rates from the file: loaded once, never changed behind the back of a sale."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from orders.models import TaxRate
from orders.services.tax_rates import InvalidTaxRates, load_tax_rates

pytestmark = pytest.mark.django_db

D = Decimal

OURS = Path(settings.BASE_DIR) / "data" / "tax_rates.csv"
HEADING = "country,kind,rate,valid_from,valid_until,name,note\n"


@pytest.fixture
def rates_file(tmp_path):
    def write(*rows):
        path = tmp_path / "rates.csv"
        path.write_text(HEADING + "\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write


def test_our_file_loads_and_loading_again_changes_nothing():
    first = load_tax_rates(OURS)
    before = list(TaxRate.objects.order_by("pk").values())
    second = load_tax_rates(OURS)

    assert (first.listed, first.created) == (9, 9)
    assert (second.listed, second.created, second.different) == (9, 0, [])
    assert list(TaxRate.objects.order_by("pk").values()) == before


def test_india_takes_18_percent_of_commission_and_what_is_not_certain_takes_nothing_and_says_so():
    load_tax_rates(OURS)

    above_zero = TaxRate.objects.exclude(rate=0)
    assert list(above_zero.values_list("country", "kind", "rate", "name")) == [
        ("IN", "commission", D("0.1800"), "GST")
    ]
    assert TaxRate.objects.get(country="BT", kind="commission").note.startswith("unverified")


def test_a_rate_that_an_officer_entered_stays_and_is_named(rates_file):
    load_tax_rates(rates_file("BT,goods,0,2026-01-01,,GST,"))
    TaxRate.objects.update(rate=D("0.0500"))

    report = load_tax_rates(rates_file("BT,goods,0,2026-01-01,,GST,"))

    assert (report.created, len(report.different)) == (0, 1)
    assert TaxRate.objects.get().rate == D("0.0500")


def test_one_bad_row_loads_nothing_and_is_named(rates_file):
    with pytest.raises(InvalidTaxRates) as refused:
        load_tax_rates(rates_file("BT,goods,0,2026-01-01,,GST,", "BT,goods,eighteen,2026-13-01,,GST,"))

    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith("row 3: ")
    assert TaxRate.objects.count() == 0


def test_the_command_counts_and_a_dry_run_writes_nothing(rates_file):
    out = StringIO()

    call_command("load_tax_rates", dry_run=True, stdout=out)

    assert "9 listed, 9 created" in out.getvalue()
    assert "nothing was changed" in out.getvalue()
    assert TaxRate.objects.count() == 0


def test_the_command_fails_on_a_bad_file(rates_file):
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_tax_rates", file=rates_file("Bhutan,goods,0,2026-01-01,,GST,"), stderr=StringIO())

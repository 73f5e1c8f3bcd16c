"""The figure "who gains" says what the ledger does."""

from decimal import Decimal

from orders.domain.commission import commission_on
from storefront.views.home import shares


def test_the_shares_of_a_hundred_are_those_that_the_ledger_posts(settings):
    settings.COMMISSION_RATE = Decimal("0.1200")

    amounts = {share.css: share.amount for share in shares()}

    commission = commission_on(Decimal("100.00"), settings.COMMISSION_RATE)
    assert amounts == {"a": 100 - commission, "b": commission}

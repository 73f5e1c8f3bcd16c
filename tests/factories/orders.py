"""Delivery methods, commission rules and tax rates."""

from datetime import date
from decimal import Decimal

import factory

from orders.models import CommissionRule, TaxRate
from orders.shipping.models import DeliveryMethod


class DeliveryMethodFactory(factory.django.DjangoModelFactory):
    """The programme's post at INR 60.00 inside the country; pass vendor for a group's own, abroad=True for abroad."""

    class Meta:
        model = DeliveryMethod

    class Params:
        abroad = factory.Trait(
            zone=DeliveryMethod.Zone.ABROAD, price=Decimal("1800.00"), days_min=10, days_max=25
        )

    vendor = None
    code = factory.Sequence(lambda n: f"post-{n}")
    name = "Post"
    carrier = DeliveryMethod.Carrier.POST
    zone = DeliveryMethod.Zone.HOME
    price = Decimal("60.00")
    currency = "INR"
    days_min = 3
    days_max = 7


class CommissionRuleFactory(factory.django.DjangoModelFactory):
    """Five percent of all sales since 2020; pass vendor, category or product to make it narrower."""

    class Meta:
        model = CommissionRule

    rate = Decimal("0.0500")
    valid_from = date(2020, 1, 1)


class TaxRateFactory(factory.django.DjangoModelFactory):
    """Eighteen percent on commission in Bhutan since 2020."""

    class Meta:
        model = TaxRate

    country = "BT"
    kind = TaxRate.Kind.COMMISSION
    rate = Decimal("0.1800")
    name = "GST"
    valid_from = date(2020, 1, 1)

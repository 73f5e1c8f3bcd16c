"""Delivery methods, commission rules, tax rates and kept addresses."""

from datetime import date
from decimal import Decimal

import factory

from orders.addresses.models import UserAddress
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


class UserAddressFactory(factory.django.DjangoModelFactory):
    """A place in Thimphu that a person keeps; pass user."""

    class Meta:
        model = UserAddress

    first_name = factory.Sequence(lambda n: f"Receiver {n}")
    line1 = "Near Zilukha school"
    line4 = "Thimphu town"
    state = "Thimphu"
    postcode = "11001"
    country_id = "BT"

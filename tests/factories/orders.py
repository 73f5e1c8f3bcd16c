"""Delivery methods and orders."""

from decimal import Decimal

import factory

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

"""Give pick-up an address and let it carry what spoils, and so the programme's quick ways inside a country."""

from decimal import Decimal

from django.db import migrations

# Before 0005 every way of sending carried everything; a week is what went by the programme's post until then.
FRESH_DAYS = 7


def fill(apps, schema_editor):
    methods = apps.get_model("shipping", "DeliveryMethod").objects
    # Free from nothing on is free from the smallest coin on.
    methods.filter(free_above__lte=0).update(free_above=Decimal("0.01"))
    pick_up = methods.filter(carrier="pick_up")
    pick_up.update(carries_perishables=True)
    methods.filter(vendor=None, zone__in=("place", "state", "home"), days_max__lte=FRESH_DAYS).update(
        carries_perishables=True
    )
    for method in pick_up.filter(pick_up_address="").select_related("vendor__home_region"):
        vendor = method.vendor
        words = vendor and (vendor.address or f"{vendor.name}, {vendor.home_region.name}")
        method.pick_up_address = (words or method.name)[:255]
        method.save(update_fields=["pick_up_address"])


class Migration(migrations.Migration):
    dependencies = [
        ("partner", "0017_closure_message"),
        ("shipping", "0005_weight_steps"),
    ]

    # Nothing tells afterwards which rows were filled; what is filled may stay.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

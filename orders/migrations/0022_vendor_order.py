import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("order", "0021_billingaddress_code_shippingaddress_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(max_length=32, verbose_name="from")),
                ("to_state", models.CharField(max_length=32, verbose_name="to")),
                ("on_behalf_of", models.CharField(blank=True, max_length=128, verbose_name="on behalf of")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
            ],
            options={
                "verbose_name": "move of an order",
                "verbose_name_plural": "moves of orders",
                "ordering": ["created_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "carrier",
                    models.CharField(
                        choices=[("courier", "post or courier"), ("vehicle", "bus or taxi")],
                        max_length=8,
                        verbose_name="how it goes",
                    ),
                ),
                ("courier_name", models.CharField(blank=True, max_length=60, verbose_name="courier")),
                (
                    "tracking_number",
                    models.CharField(blank=True, max_length=60, verbose_name="courier number"),
                ),
                ("vehicle_number", models.CharField(blank=True, max_length=30, verbose_name="vehicle")),
                ("driver_name", models.CharField(blank=True, max_length=80, verbose_name="driver")),
                ("driver_phone", models.CharField(blank=True, max_length=16, verbose_name="driver's phone")),
                ("shipped_at", models.DateTimeField(verbose_name="handed over at")),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
            },
        ),
        migrations.CreateModel(
            name="VendorOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaiting_payment", "waiting for payment"),
                            ("new", "new"),
                            ("accepted", "accepted"),
                            ("packed", "packed"),
                            ("shipped", "on the way"),
                            ("delivered", "delivered"),
                            ("completed", "completed"),
                            ("cancelled", "cancelled"),
                            ("returned", "returned"),
                        ],
                        default="awaiting_payment",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("goods_total", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="goods")),
                (
                    "discount_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="discount"),
                ),
                (
                    "delivery_price",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="delivery"),
                ),
                ("total", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="total")),
                (
                    "commission_rate",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="commission rate"),
                ),
                (
                    "commission",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="commission"),
                ),
                ("delivery_code", models.CharField(max_length=40, verbose_name="delivery code")),
                ("delivery_name", models.CharField(max_length=80, verbose_name="delivery")),
                ("delivery_days_min", models.PositiveSmallIntegerField(verbose_name="days, at least")),
                ("delivery_days_max", models.PositiveSmallIntegerField(verbose_name="days, at most")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="placed at")),
            ],
            options={
                "verbose_name": "vendor order",
                "verbose_name_plural": "vendor orders",
                "ordering": ["-created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="VendorOrderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(max_length=32, verbose_name="from")),
                ("to_state", models.CharField(max_length=32, verbose_name="to")),
                ("on_behalf_of", models.CharField(blank=True, max_length=128, verbose_name="on behalf of")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
            ],
            options={
                "verbose_name": "move of a vendor order",
                "verbose_name_plural": "moves of vendor orders",
                "ordering": ["created_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="line",
            name="size_label",
            field=models.CharField(blank=True, max_length=40, verbose_name="size"),
        ),
        migrations.AddField(
            model_name="order",
            name="guest_phone",
            field=models.CharField(blank=True, max_length=16, verbose_name="guest's phone number"),
        ),
        migrations.AddField(
            model_name="order",
            name="is_example",
            field=models.BooleanField(default=False, verbose_name="example"),
        ),
        migrations.AddField(
            model_name="order",
            name="language",
            field=models.CharField(default="en", max_length=8, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="order",
            name="paid_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paid at"),
        ),
        migrations.AddField(
            model_name="order",
            name="reserved_until",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="stock held until"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="order",
            name="status",
            field=models.CharField(
                choices=[
                    ("awaiting_payment", "waiting for payment"),
                    ("paid", "paid"),
                    ("part_refunded", "refunded in part"),
                    ("refunded", "refunded"),
                    ("expired", "not paid in time"),
                ],
                db_index=True,
                default="awaiting_payment",
                max_length=100,
                verbose_name="state",
            ),
        ),
    ]

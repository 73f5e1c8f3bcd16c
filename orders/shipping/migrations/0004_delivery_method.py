import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partner", "0008_vendor"),
        ("shipping", "0003_auto_20181115_1953"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "carrier",
                    models.CharField(
                        choices=[
                            ("post", "post or courier"),
                            ("vehicle", "bus or taxi"),
                            ("pick_up", "pick-up"),
                        ],
                        max_length=8,
                        verbose_name="carrier",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("home", "inside the country"),
                            ("abroad", "to other countries"),
                            ("anywhere", "anywhere"),
                        ],
                        max_length=8,
                        verbose_name="where to",
                    ),
                ),
                ("price", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="price")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "free_above",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="free from goods of",
                    ),
                ),
                ("days_min", models.PositiveSmallIntegerField(verbose_name="days, at least")),
                ("days_max", models.PositiveSmallIntegerField(verbose_name="days, at most")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_methods",
                        to="partner.partner",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery method",
                "verbose_name_plural": "delivery methods",
                "ordering": ["price", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "code"), name="delivery_method_code_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="delivery_price_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_min__lte", models.F("days_max"))),
                        name="delivery_days_in_order",
                    ),
                ],
            },
        ),
    ]

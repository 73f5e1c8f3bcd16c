import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("basket", "0013_line_rules"),
        ("catalogue", "0034_listing_event"),
        ("order", "0022_vendor_order"),
        ("partner", "0008_vendor"),
        ("sites", "0002_alter_domain_unique"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status", "awaiting_payment")),
                fields=["reserved_until"],
                name="order_reservations",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(fields=("basket",), name="order_once_per_basket"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_incl_tax__gt", 0)), name="order_total_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("user__isnull", False),
                    models.Q(("guest_email", ""), _negated=True),
                    models.Q(("guest_phone", ""), _negated=True),
                    _connector="OR",
                ),
                name="order_has_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("awaiting_payment", "expired")),
                    ("paid_at__isnull", False),
                    _connector="OR",
                ),
                name="order_paid_has_time",
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="order.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vendor_orders",
                to="order.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="vendor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vendor_orders",
                to="partner.partner",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="vendor_order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipment",
                to="order.vendororder",
                verbose_name="vendor order",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="vendor_order",
            field=models.ForeignKey(
                default=1,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="order.vendororder",
                verbose_name="vendor order",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="order_line_quantity_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "line_price_incl_tax",
                        django.db.models.expressions.CombinedExpression(
                            models.F("unit_price_incl_tax"), "*", models.F("quantity")
                        ),
                    )
                ),
                name="order_line_price_adds_up",
            ),
        ),
        migrations.AddField(
            model_name="vendororderevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="vendororderevent",
            name="vendor_order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="order.vendororder",
                verbose_name="vendor order",
            ),
        ),
        migrations.AddIndex(
            model_name="vendororder",
            index=models.Index(fields=["vendor", "state", "-created_at"], name="vendor_order_by_group"),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.UniqueConstraint(
                fields=("order", "vendor"), name="vendor_order_once_per_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("goods_total"), "+", models.F("delivery_price")
                            ),
                            "-",
                            models.F("discount_total"),
                        ),
                    )
                ),
                name="vendor_order_parts_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivery_price__gte", 0),
                    ("discount_total__gte", 0),
                    ("goods_total__gt", 0),
                    ("total__gt", 0),
                ),
                name="vendor_order_amounts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(("commission__gte", 0), ("commission__lte", models.F("goods_total"))),
                name="vendor_order_commission_within_goods",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carrier", "courier"), models.Q(("tracking_number", ""), _negated=True)),
                    models.Q(("carrier", "vehicle"), models.Q(("vehicle_number", ""), _negated=True)),
                    _connector="OR",
                ),
                name="shipment_can_be_followed",
            ),
        ),
    ]

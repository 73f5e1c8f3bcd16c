from django.db import migrations, models
import django.db.models.expressions


class Migration(migrations.Migration):
    dependencies = [("order", "0026_fill_sale_money")]

    operations = [
        migrations.AddIndex(
            model_name='vendororder',
            index=models.Index(fields=['payable_from'], name='vendor_order_payable'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('cancelled_quantity'), '+', models.F('returned_quantity')))), name='order_line_gives_back_what_it_has'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('commission__gte', 0), ('commission_tax__gte', 0), ('line_price_incl_tax__gte', models.F('commission'))), name='order_line_commission_within_price'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('awaiting_payment', 'expired', 'pay_on_delivery', 'cancelled')), models.Q(('paid_at__isnull', False), ('released_at__isnull', False)), _connector='OR'), name='order_paid_has_time'),
        ),
        migrations.AddConstraint(
            model_name='vendororder',
            constraint=models.CheckConstraint(condition=models.Q(('commission__gte', 0), ('commission_tax__gte', 0), ('total__gte', django.db.models.expressions.CombinedExpression(models.F('commission'), '+', models.F('commission_tax'))), ('commission__lte', models.F('goods_total'))), name='vendor_order_commission_within_goods'),
        ),
        migrations.AddConstraint(
            model_name='vendororder',
            constraint=models.CheckConstraint(condition=models.Q(('goods_tax__gte', 0), ('goods_tax__lte', models.F('goods_total')), ('delivery_tax__gte', 0), ('delivery_tax__lte', models.F('delivery_price'))), name='vendor_order_tax_within_prices'),
        ),
    ]

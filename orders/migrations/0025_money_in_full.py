import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('basket', '0013_line_rules'),
        ('catalogue', '0036_review_permission'),
        ('order', '0024_countries'),
        ('partner', '0010_decide_permission'),
        ('sites', '0002_alter_domain_unique'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='order_paid_has_time',
        ),
        migrations.RemoveConstraint(
            model_name='vendororder',
            name='vendor_order_commission_within_goods',
        ),
        migrations.AddField(
            model_name='line',
            name='cancelled_quantity',
            field=models.PositiveIntegerField(default=0, verbose_name='not supplied'),
        ),
        migrations.AddField(
            model_name='line',
            name='commission',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='commission'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='line',
            name='commission_rate',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='commission rate'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='line',
            name='commission_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason of the rate'),
        ),
        migrations.AddField(
            model_name='line',
            name='commission_tax',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='tax on the commission'),
        ),
        migrations.AddField(
            model_name='line',
            name='returned_quantity',
            field=models.PositiveIntegerField(default=0, verbose_name='returned'),
        ),
        migrations.AddField(
            model_name='line',
            name='tax_rate',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='tax rate'),
        ),
        migrations.AddField(
            model_name='order',
            name='released_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='handed to the groups at'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='commission_base',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='commission base'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='vendororder',
            name='commission_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason of the rate'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='commission_tax',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='tax on the commission'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='commission_tax_rate',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='tax rate of the commission'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confirmed by the buyer at'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='delivered_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='delivered at'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='delivery_tax',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='tax in delivery'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='delivery_tax_rate',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='tax rate of delivery'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='goods_tax',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='tax in goods'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='payable_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='payable from'),
        ),
        migrations.AlterField(
            model_name='order',
            name='status',
            field=models.CharField(choices=[('awaiting_payment', 'waiting for payment'), ('paid', 'paid'), ('part_refunded', 'refunded in part'), ('refunded', 'refunded'), ('expired', 'not paid in time'), ('pay_on_delivery', 'to be paid at hand-over'), ('cancelled', 'cancelled')], db_index=True, default='awaiting_payment', max_length=100, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='vendororder',
            name='commission_rate',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='commission rate'),
        ),
    ]

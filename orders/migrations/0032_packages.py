"""Goods are packed in packages, which leave in shipments, several of each for a vendor order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('order', '0031_frozen_delivery'),
    ]

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='number')),
                ('packed_at', models.DateTimeField(verbose_name='packed at')),
            ],
            options={
                'verbose_name': 'package',
                'verbose_name_plural': 'packages',
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='PackageLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='units')),
            ],
            options={
                'verbose_name': 'content of a package',
                'verbose_name_plural': 'contents of packages',
                'ordering': ['line'],
            },
        ),
        migrations.AlterModelOptions(
            name='shipment',
            options={'ordering': ['shipped_at', 'pk'], 'verbose_name': 'shipment', 'verbose_name_plural': 'shipments'},
        ),
        migrations.AddField(
            model_name='line',
            name='packed_quantity',
            field=models.PositiveIntegerField(default=0, verbose_name='packed'),
        ),
        migrations.AddField(
            model_name='line',
            name='shipped_quantity',
            field=models.PositiveIntegerField(default=0, verbose_name='sent'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='code',
            field=models.CharField(blank=True, max_length=6, verbose_name='hand-over code'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='received_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='received at'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='wrong_codes',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='wrong codes'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='released_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='handed to the group at'),
        ),
        migrations.AddField(
            model_name='vendororder',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reminded at'),
        ),
        migrations.AlterField(
            model_name='shipment',
            name='vendor_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='package',
            name='packed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='packed by'),
        ),
        migrations.AddField(
            model_name='package',
            name='shipment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='order.shipment', verbose_name='shipment'),
        ),
        migrations.AddField(
            model_name='package',
            name='vendor_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='packageline',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='package_lines', to='order.line', verbose_name='line'),
        ),
        migrations.AddField(
            model_name='packageline',
            name='package',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='order.package', verbose_name='package'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.UniqueConstraint(fields=('vendor_order', 'place'), name='package_place_once'),
        ),
        migrations.AddConstraint(
            model_name='packageline',
            constraint=models.UniqueConstraint(fields=('package', 'line'), name='package_line_once'),
        ),
        migrations.AddConstraint(
            model_name='packageline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='package_line_is_not_empty'),
        ),
    ]

"""Returns that buyers ask for: goods, photos, moves; one unfinished per vendor order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0035_gifts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.CharField(max_length=40, verbose_name='key of the form')),
                ('state', models.CharField(choices=[('asked', 'asked for'), ('agreed', 'agreed, goods to be sent back'), ('sent', 'goods on their way back'), ('refused', 'refused by the group'), ('disputed', 'with the programme office'), ('closed', 'closed, money goes back'), ('declined', 'closed, no money back'), ('withdrawn', 'withdrawn')], default='asked', max_length=10, verbose_name='state')),
                ('reason', models.CharField(choices=[('damaged', 'damaged'), ('wrong', 'the wrong thing'), ('different', 'not as described'), ('spoilt', 'spoilt'), ('other', 'another reason')], max_length=10, verbose_name='reason')),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name="in the buyer's words")),
                ('goods_stay', models.BooleanField(default=False, verbose_name='nothing is sent back')),
                ('sent_how', models.CharField(blank=True, max_length=120, verbose_name='how it was sent back')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('vendor_order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='order.vendororder', verbose_name='vendor order')),
            ],
            options={
                'verbose_name': 'return',
                'verbose_name_plural': 'returns',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('decide_return', 'Can decide returns that are disputed')],
            },
        ),
        migrations.CreateModel(
            name='ReturnEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=32, verbose_name='from')),
                ('to_state', models.CharField(max_length=32, verbose_name='to')),
                ('on_behalf_of', models.CharField(blank=True, max_length=128, verbose_name='on behalf of')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='order.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'move of a return',
                'verbose_name_plural': 'moves of returns',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReturnItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='units')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='order.return', verbose_name='return')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.line', verbose_name='line')),
            ],
            options={
                'verbose_name': 'goods of a return',
                'verbose_name_plural': 'goods of returns',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReturnPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='order.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'photo of a return',
                'verbose_name_plural': 'photos of returns',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(condition=models.Q(('state__in', ('asked', 'agreed', 'sent', 'refused'))), fields=['due_at'], name='return_due'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(fields=('vendor_order', 'form_key'), name='return_once_per_form'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'agreed', 'sent', 'refused', 'disputed'))), fields=('vendor_order',), name='return_one_unfinished_per_part'),
        ),
        migrations.AddConstraint(
            model_name='returnitem',
            constraint=models.UniqueConstraint(fields=('case', 'line'), name='return_item_once_per_line'),
        ),
        migrations.AddConstraint(
            model_name='returnitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='return_item_has_units'),
        ),
    ]

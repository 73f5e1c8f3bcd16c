"""Receipts that pay what groups owe, receipts entered in error, and debts written off."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0011_drop_commission_rate'),
        ('payments', '0008_invoices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('state', models.CharField(choices=[('proposed', 'waits for a second person'), ('approved', 'written off'), ('rejected', 'not approved')], default='proposed', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='requested at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'debt written off',
                'verbose_name_plural': 'debts written off',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('decide_writeoff', 'Can decide about debts of groups')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='bankreceipt',
            name='bank_receipt_once',
        ),
        migrations.RemoveConstraint(
            model_name='bankreceipt',
            name='bank_receipt_matched_has_attempt',
        ),
        migrations.AddField(
            model_name='bankreceipt',
            name='vendor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='partner.partner', verbose_name='group that pays what it owes'),
        ),
        migrations.AlterField(
            model_name='bankreceipt',
            name='state',
            field=models.CharField(choices=[('unmatched', 'not matched'), ('proposed', 'waits for a second person'), ('matched', 'matched'), ('returned', 'sent back'), ('mistaken', 'entered in error')], default='unmatched', max_length=10, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'mistaken'), _negated=True), fields=('reference', 'currency'), name='bank_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('matched_by__isnull', False), ('state__in', ('proposed', 'matched')), models.Q(models.Q(('attempt__isnull', False), ('vendor__isnull', True)), models.Q(('attempt__isnull', True), ('vendor__isnull', False)), _connector='OR')), models.Q(('attempt__isnull', True), ('state__in', ('unmatched', 'returned')), ('vendor__isnull', True)), models.Q(('attempt__isnull', True), ('state', 'mistaken')), _connector='OR'), name='bank_receipt_names_what_it_pays'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='vendor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='partner.partner', verbose_name='group'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='write_off_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='write_off_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('vendor', 'currency'), name='write_off_one_waits'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'proposed')), models.Q(('decided_by__isnull', False), ('state', 'rejected')), models.Q(('decided_by__isnull', False), ('state', 'approved'), models.Q(('decided_by', models.F('requested_by')), _negated=True)), _connector='OR'), name='write_off_by_two_persons'),
        ),
    ]

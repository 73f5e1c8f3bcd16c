import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('order', '0022_vendor_order'),
        ('partner', '0008_vendor'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerPosting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_type', models.CharField(max_length=40, verbose_name='source')),
                ('source_id', models.BigIntegerField(verbose_name='source number')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('posted_at', models.DateTimeField(auto_now_add=True, verbose_name='posted at')),
            ],
            options={
                'verbose_name': 'posting',
                'verbose_name_plural': 'postings',
                'constraints': [models.UniqueConstraint(fields=('source_type', 'source_id', 'kind'), name='posting_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='idempotency key')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('state', models.CharField(choices=[('created', 'created'), ('session_open', 'payment page open'), ('unknown', 'no answer yet'), ('succeeded', 'succeeded'), ('failed', 'failed'), ('expired', 'expired'), ('surplus', 'to be refunded')], default='created', max_length=12, verbose_name='state')),
                ('session_id', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name='session')),
                ('payment_intent_id', models.CharField(blank=True, max_length=100, verbose_name='payment intent')),
                ('charge_id', models.CharField(blank=True, max_length=100, verbose_name='charge')),
                ('page_url', models.TextField(blank=True, verbose_name='payment page')),
                ('amount_received', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='amount received')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='order.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'payment attempt',
                'verbose_name_plural': 'payment attempts',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('account', models.CharField(blank=True, max_length=100, verbose_name='account')),
                ('event_id', models.CharField(max_length=100, verbose_name='event')),
                ('kind', models.CharField(max_length=100, verbose_name='type')),
                ('object_id', models.CharField(blank=True, max_length=100, verbose_name='object')),
                ('api_version', models.CharField(blank=True, max_length=40, verbose_name='API version')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='our reference')),
                ('is_live', models.BooleanField(default=False, verbose_name='live')),
                ('occurred_at', models.DateTimeField(verbose_name='occurred at')),
                ('payload', models.JSONField(default=dict, verbose_name='message')),
                ('headers', models.JSONField(default=dict, verbose_name='headers')),
                ('state', models.CharField(choices=[('received', 'received'), ('handled', 'handled'), ('ignored', 'not for us'), ('dead', 'given up')], default='received', max_length=10, verbose_name='state')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(verbose_name='next try at')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received at')),
                ('handled_at', models.DateTimeField(blank=True, null=True, verbose_name='handled at')),
            ],
            options={
                'verbose_name': 'provider event',
                'verbose_name_plural': 'provider events',
                'ordering': ['-received_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'received')), fields=['next_try_at'], name='provider_event_due')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'account', 'event_id'), name='provider_event_once')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='idempotency key')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('reason', models.CharField(choices=[('mismatch', 'amount, currency or account did not match'), ('goods_gone', 'goods were gone when the money came'), ('paid_twice', 'the order had been paid already')], max_length=12, verbose_name='reason')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('pending', 'with the provider'), ('succeeded', 'refunded'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('provider_id', models.CharField(blank=True, max_length=100, verbose_name="provider's number")),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(verbose_name='next try at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.paymentattempt', verbose_name='attempt')),
            ],
            options={
                'verbose_name': 'refund',
                'verbose_name_plural': 'refunds',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(choices=[('provider_clearing', 'clearing with the provider'), ('customer_unapplied', "customers' money not yet applied"), ('vendor_payable', 'owed to groups'), ('commission', 'commission'), ('refund_clearing', 'refunds under way')], max_length=24, verbose_name='account')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('vendor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='partner.partner', verbose_name='group')),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payments.ledgerposting', verbose_name='posting')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'indexes': [models.Index(fields=['vendor', 'account'], name='ledger_by_vendor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='ledger_entry_not_zero'), models.CheckConstraint(condition=models.Q(models.Q(('account', 'vendor_payable'), ('vendor__isnull', False)), models.Q(models.Q(('account', 'vendor_payable'), _negated=True), ('vendor__isnull', True)), _connector='OR'), name='ledger_entry_vendor_on_vendor_accounts')],
            },
        ),
        migrations.AddIndex(
            model_name='paymentattempt',
            index=models.Index(condition=models.Q(('state__in', ('created', 'session_open', 'unknown'))), fields=['created_at'], name='attempt_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'succeeded')), fields=('order',), name='attempt_one_success_per_order'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('created', 'session_open', 'unknown'))), fields=('order',), name='attempt_one_open_per_order'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='attempt_amount_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('attempt',), name='refund_once_per_attempt'),
        ),
    ]

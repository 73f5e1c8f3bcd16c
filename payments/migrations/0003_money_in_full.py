import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0027_money_rules'),
        ('partner', '0010_decide_permission'),
        ('payments', '0002_ledger_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BalanceTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('remote_id', models.CharField(max_length=100, verbose_name="provider's number")),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('fee', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='fee')),
                ('net', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='net')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('source_id', models.CharField(blank=True, max_length=100, verbose_name='about')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('posted', 'posted'), ('unknown', 'not understood')], default='waiting', max_length=8, verbose_name='state')),
                ('occurred_at', models.DateTimeField(verbose_name='occurred at')),
                ('available_at', models.DateTimeField(verbose_name='available at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='fetched at')),
            ],
            options={
                'verbose_name': 'balance transaction',
                'verbose_name_plural': 'balance transactions',
                'ordering': ['-occurred_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BankReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, verbose_name='journal number')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('note', models.CharField(blank=True, max_length=140, verbose_name='what the payer wrote')),
                ('state', models.CharField(choices=[('unmatched', 'not matched'), ('proposed', 'waits for a second person'), ('matched', 'matched'), ('returned', 'sent back')], default='unmatched', max_length=10, verbose_name='state')),
                ('return_reference', models.CharField(blank=True, max_length=40, verbose_name='journal number of the return')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='entered at')),
            ],
            options={
                'verbose_name': 'bank receipt',
                'verbose_name_plural': 'bank receipts',
                'ordering': ['received_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CashCollection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('collected_at', models.DateTimeField(verbose_name='collected at')),
            ],
            options={
                'verbose_name': 'cash collected',
                'verbose_name_plural': 'cash collected',
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, verbose_name='key')),
                ('area', models.CharField(choices=[('orders', 'orders'), ('attempts', 'payment attempts'), ('ledger', 'ledger'), ('provider', "provider's balance"), ('payouts', 'payouts')], max_length=10, verbose_name='area')),
                ('subject', models.CharField(max_length=120, verbose_name='about')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('expected', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='expected')),
                ('found', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='found')),
                ('detail', models.CharField(max_length=200, verbose_name='what differs')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen at')),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='gone at')),
            ],
            options={
                'verbose_name': 'difference',
                'verbose_name_plural': 'differences',
                'ordering': ['first_seen_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=100, unique=True, verbose_name="provider's number")),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('reason', models.CharField(blank=True, max_length=60, verbose_name='reason')),
                ('provider_status', models.CharField(blank=True, max_length=40, verbose_name="provider's state")),
                ('state', models.CharField(choices=[('open', 'open'), ('won', 'won'), ('lost', 'lost')], default='open', max_length=8, verbose_name='state')),
                ('answer_by', models.DateTimeField(blank=True, null=True, verbose_name='answer by')),
                ('opened_at', models.DateTimeField(auto_now_add=True, verbose_name='opened at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DisputeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(default=0, verbose_name='units')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('share', models.DecimalField(decimal_places=2, max_digits=12, verbose_name="group's share")),
                ('commission', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='commission')),
                ('commission_tax', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='tax on the commission')),
            ],
            options={
                'verbose_name': 'disputed',
                'verbose_name_plural': 'disputed',
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('approved', 'approved'), ('sent', 'sent'), ('paid', 'paid'), ('returned', 'returned by the bank'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('bank_reference', models.CharField(blank=True, max_length=60, verbose_name="bank's reference")),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='planned at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
            ],
            options={
                'verbose_name': 'payout',
                'verbose_name_plural': 'payouts',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rail', models.CharField(choices=[('stripe_transfer', 'Stripe transfer'), ('bank_batch', 'bank batch')], max_length=16, verbose_name='rail')),
                ('holder', models.CharField(blank=True, max_length=120, verbose_name='account holder')),
                ('bank_name', models.CharField(blank=True, max_length=80, verbose_name='bank')),
                ('bank_code', models.CharField(blank=True, max_length=20, verbose_name='bank code (IFSC or branch)')),
                ('account_number', models.CharField(blank=True, max_length=34, verbose_name='account number')),
                ('stripe_account_id', models.CharField(blank=True, max_length=100, verbose_name='Stripe account')),
                ('restriction', models.CharField(blank=True, max_length=200, verbose_name='restriction')),
                ('minimum', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='smallest payout')),
                ('active_from', models.DateTimeField(verbose_name='counts from')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='given at')),
            ],
            options={
                'verbose_name': 'payout account',
                'verbose_name_plural': 'payout accounts',
            },
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('exported', 'exported'), ('settled', 'settled'), ('rejected', 'rejected')], default='draft', max_length=8, verbose_name='state')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='payouts')),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='total')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('exported_at', models.DateTimeField(blank=True, null=True, verbose_name='exported at')),
                ('content', models.TextField(blank=True, verbose_name='file')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='sha256')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='drafted at')),
            ],
            options={
                'verbose_name': 'payout batch',
                'verbose_name_plural': 'payout batches',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PayoutItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_void', models.BooleanField(default=False, verbose_name='freed again')),
            ],
            options={
                'verbose_name': 'paid out',
                'verbose_name_plural': 'paid out',
            },
        ),
        migrations.CreateModel(
            name='RefundItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(default=0, verbose_name='units')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('share', models.DecimalField(decimal_places=2, max_digits=12, verbose_name="group's share")),
                ('commission', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='commission')),
                ('commission_tax', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='tax on the commission')),
            ],
            options={
                'verbose_name': 'refunded',
                'verbose_name_plural': 'refunded',
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='idempotency key')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('amount_reversed', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='reversed')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('charge_id', models.CharField(blank=True, max_length=100, verbose_name='charge')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('succeeded', 'made'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('provider_id', models.CharField(blank=True, max_length=100, verbose_name="provider's number")),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(verbose_name='next try at')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='first asked at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'transfer',
                'verbose_name_plural': 'transfers',
            },
        ),
        migrations.CreateModel(
            name='TransferReversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='idempotency key')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('succeeded', 'made'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('provider_id', models.CharField(blank=True, max_length=100, verbose_name="provider's number")),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(verbose_name='next try at')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='first asked at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'reversal of a transfer',
                'verbose_name_plural': 'reversals of transfers',
            },
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='ledger_entry_vendor_on_vendor_accounts',
        ),
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_once_per_attempt',
        ),
        migrations.RemoveIndex(
            model_name='ledgerentry',
            name='ledger_by_vendor',
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='currency',
            field=models.CharField(default='INR', max_length=3, verbose_name='currency'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='vendor_order',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='paymentattempt',
            name='amount_given_back',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='given back'),
        ),
        migrations.AddField(
            model_name='paymentattempt',
            name='buyer_reference',
            field=models.CharField(blank=True, max_length=40, verbose_name='journal number'),
        ),
        migrations.AddField(
            model_name='refund',
            name='again_for',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='payments.refund', verbose_name='instead of'),
        ),
        migrations.AddField(
            model_name='refund',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='refund',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='first asked at'),
        ),
        migrations.AddField(
            model_name='refund',
            name='remark',
            field=models.CharField(blank=True, max_length=200, verbose_name='remark'),
        ),
        migrations.AddField(
            model_name='refund',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('provider_clearing', 'clearing with the provider'), ('provider_balance', 'held by the provider'), ('provider_fees', "provider's fees"), ('customer_unapplied', "customers' money not yet applied"), ('vendor_payable', 'owed to groups'), ('vendor_held', 'held back from groups'), ('commission', 'commission'), ('tax', 'tax on commission'), ('refund_clearing', 'refunds under way'), ('dispute_receivable', 'taken back in disputes'), ('payout_in_flight', 'payouts under way'), ('bank', 'our bank account'), ('unexplained', 'to be explained by an officer'), ('programme_loss', 'borne by the programme')], max_length=24, verbose_name='account'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='vendor',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='partner.partner', verbose_name='group'),
        ),
        migrations.AlterField(
            model_name='paymentattempt',
            name='provider',
            field=models.CharField(choices=[('stripe', 'card'), ('bank_transfer', 'bank transfer'), ('cash_on_delivery', 'cash on delivery')], default='stripe', max_length=20, verbose_name='provider'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='reason',
            field=models.CharField(choices=[('mismatch', 'amount, currency or account did not match'), ('goods_gone', 'goods were gone when the money came'), ('paid_twice', 'the order had been paid already'), ('paid_short', 'less came than was owed, and the time is over'), ('paid_over', 'more came than was owed'), ('not_supplied', 'the group could not supply it'), ('cancelled', 'cancelled'), ('returned', 'the goods came back'), ('damaged', 'damaged or not as described'), ('lost', 'lost on the way'), ('goodwill', 'goodwill'), ('again', 'an earlier refund failed'), ('foreign', 'refunded at the provider')], max_length=12, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='state',
            field=models.CharField(choices=[('proposed', 'waits for a second person'), ('waiting', 'waiting'), ('pending', 'with the provider'), ('succeeded', 'refunded'), ('failed', 'failed'), ('rejected', 'not approved')], default='waiting', max_length=10, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['vendor', 'account', 'currency'], include=('amount',), name='ledger_balance_by_vendor'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['account', 'currency'], include=('amount',), name='ledger_by_account'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'pending'))), fields=['next_try_at'], name='refund_due'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account__in', ('vendor_payable', 'vendor_held')), ('vendor__isnull', False)), models.Q(models.Q(('account__in', ('vendor_payable', 'vendor_held')), _negated=True), ('vendor__isnull', True)), _connector='OR'), name='ledger_entry_vendor_on_vendor_accounts'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(('amount_given_back__gte', 0), ('amount_given_back__lte', models.F('amount_received'))), name='attempt_gives_back_what_it_got'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('again_for__isnull', True), ('reason__in', ('mismatch', 'goods_gone', 'paid_twice', 'paid_short'))), fields=('attempt',), name='refund_of_surplus_once'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('provider_id', ''), _negated=True), fields=('provider_id',), name='refund_once_per_provider_id'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('requested_by__isnull', True), models.Q(('approved_by', models.F('requested_by')), _negated=True), _connector='OR'), name='refund_second_person'),
        ),
        migrations.AddIndex(
            model_name='balancetransaction',
            index=models.Index(condition=models.Q(('state', 'posted'), _negated=True), fields=['occurred_at'], name='balance_transaction_open'),
        ),
        migrations.AddIndex(
            model_name='balancetransaction',
            index=models.Index(fields=['source_id'], name='balance_transaction_source'),
        ),
        migrations.AddConstraint(
            model_name='balancetransaction',
            constraint=models.UniqueConstraint(fields=('provider', 'remote_id'), name='balance_transaction_once'),
        ),
        migrations.AddField(
            model_name='bankreceipt',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by'),
        ),
        migrations.AddField(
            model_name='bankreceipt',
            name='attempt',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='payments.paymentattempt', verbose_name='attempt'),
        ),
        migrations.AddField(
            model_name='bankreceipt',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='bankreceipt',
            name='matched_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='matched by'),
        ),
        migrations.AddField(
            model_name='cashcollection',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collections', to='payments.paymentattempt', verbose_name='attempt'),
        ),
        migrations.AddField(
            model_name='cashcollection',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AddField(
            model_name='cashcollection',
            name='vendor_order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cash_collection', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='difference',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.paymentattempt', verbose_name='attempt'),
        ),
        migrations.AddField(
            model_name='disputeitem',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.dispute', verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='disputeitem',
            name='line',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.line', verbose_name='line'),
        ),
        migrations.AddField(
            model_name='disputeitem',
            name='vendor_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='payout',
            name='vendor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='partner.partner', verbose_name='group'),
        ),
        migrations.AddField(
            model_name='payoutaccount',
            name='cancelled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddField(
            model_name='payoutaccount',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='payoutaccount',
            name='vendor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to='partner.partner', verbose_name='group'),
        ),
        migrations.AddField(
            model_name='payout',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutaccount', verbose_name='account'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='drafted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drafted by'),
        ),
        migrations.AddField(
            model_name='payout',
            name='batch',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutbatch', verbose_name='batch'),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_items', to='payments.ledgerentry', verbose_name='ledger entry'),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.payout', verbose_name='payout'),
        ),
        migrations.AddField(
            model_name='refunditem',
            name='line',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.line', verbose_name='line'),
        ),
        migrations.AddField(
            model_name='refunditem',
            name='refund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.refund', verbose_name='refund'),
        ),
        migrations.AddField(
            model_name='refunditem',
            name='vendor_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='payments.payout', verbose_name='payout'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='vendor_order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='order.vendororder', verbose_name='vendor order'),
        ),
        migrations.AddField(
            model_name='payoutitem',
            name='transfer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.transfer', verbose_name='transfer'),
        ),
        migrations.AddField(
            model_name='transferreversal',
            name='dispute',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.dispute', verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='transferreversal',
            name='refund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.refund', verbose_name='refund'),
        ),
        migrations.AddField(
            model_name='transferreversal',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.transfer', verbose_name='transfer'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.UniqueConstraint(fields=('reference', 'currency'), name='bank_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='bank_receipt_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('matched_by__isnull', False), ('state__in', ('proposed', 'matched'))), models.Q(('attempt__isnull', True), ('state__in', ('unmatched', 'returned'))), _connector='OR'), name='bank_receipt_matched_has_attempt'),
        ),
        migrations.AddConstraint(
            model_name='bankreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('matched_by')), _negated=True), _connector='OR'), name='bank_receipt_second_person'),
        ),
        migrations.AddConstraint(
            model_name='cashcollection',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='cash_collection_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.UniqueConstraint(condition=models.Q(('resolved_at__isnull', True)), fields=('key',), name='difference_open_once'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='dispute_amount_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='dispute_closed_has_time'),
        ),
        migrations.AddConstraint(
            model_name='disputeitem',
            constraint=models.UniqueConstraint(fields=('dispute', 'vendor_order', 'line'), name='dispute_item_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='disputeitem',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('share'), '+', models.F('commission')), '+', models.F('commission_tax')))), name='dispute_item_adds_up'),
        ),
        migrations.AddIndex(
            model_name='payoutaccount',
            index=models.Index(fields=['vendor', '-active_from'], name='payout_account_in_force'),
        ),
        migrations.AddConstraint(
            model_name='payoutaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rail', 'stripe_transfer'), models.Q(('stripe_account_id', ''), _negated=True)), models.Q(('rail', 'bank_batch'), models.Q(('account_number', ''), _negated=True), models.Q(('holder', ''), _negated=True), models.Q(('bank_code', ''), _negated=True)), _connector='OR'), name='payout_account_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('drafted_by__isnull', True), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='payout_batch_second_person'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'approved', 'rejected')), models.Q(('sha256', ''), _negated=True), _connector='OR'), name='payout_batch_exported_has_file'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('planned', 'approved', 'sent'))), fields=('vendor', 'currency'), name='payout_one_under_way'),
        ),
        migrations.AddConstraint(
            model_name='refunditem',
            constraint=models.UniqueConstraint(fields=('refund', 'vendor_order', 'line'), name='refund_item_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='refunditem',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('share'), '+', models.F('commission')), '+', models.F('commission_tax')))), name='refund_item_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='refunditem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', True), ('quantity', 0)), models.Q(('line__isnull', False), ('quantity__gt', 0)), _connector='OR'), name='refund_item_names_units'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='transfer_due'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_reversed__gte', 0), ('amount_reversed__lte', models.F('amount'))), name='transfer_reverses_what_it_moved'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('provider_id', ''), _negated=True), fields=('provider_id',), name='transfer_once_per_provider_id'),
        ),
        migrations.AddConstraint(
            model_name='payoutitem',
            constraint=models.UniqueConstraint(condition=models.Q(('is_void', False)), fields=('entry',), name='payout_item_entry_in_one_payout'),
        ),
        migrations.AddIndex(
            model_name='transferreversal',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='reversal_due'),
        ),
        migrations.AddConstraint(
            model_name='transferreversal',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='reversal_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='transferreversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dispute__isnull', True), ('refund__isnull', False)), models.Q(('dispute__isnull', False), ('refund__isnull', True)), _connector='OR'), name='reversal_has_one_cause'),
        ),
    ]

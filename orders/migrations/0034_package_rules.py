"""No unit is packed or sent twice; lists of a group and the accept clock read an index."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0033_fill_packages'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='vendororder',
            name='vendor_order_by_group',
        ),
        migrations.AddIndex(
            model_name='vendororder',
            index=models.Index(fields=['vendor', 'state', 'released_at', 'id'], name='vendor_order_in_state'),
        ),
        migrations.AddIndex(
            model_name='vendororder',
            index=models.Index(fields=['vendor', 'released_at', 'id'], name='vendor_order_by_time'),
        ),
        migrations.AddIndex(
            model_name='vendororder',
            index=models.Index(condition=models.Q(('state', 'new')), fields=['released_at'], name='vendor_order_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('cancelled_quantity'), '+', models.F('packed_quantity')))), name='order_line_packs_what_it_has'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('packed_quantity__gte', models.F('shipped_quantity'))), name='order_line_sends_what_is_packed'),
        ),
        migrations.AddConstraint(
            model_name='vendororder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('awaiting_payment', 'cancelled')), ('released_at__isnull', False), _connector='OR'), name='vendor_order_released_has_time'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0036_review_permission'),
        ('order', '0027_money_rules'),
        ('partner', '0010_decide_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommissionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rate', models.DecimalField(decimal_places=4, help_text='A fraction: 0.08 is 8 percent.', max_digits=5, verbose_name='rate')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day; empty while no end is known.', null=True, verbose_name='valid until')),
                ('note', models.CharField(blank=True, max_length=140, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='entered at')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.category', verbose_name='category')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.product', verbose_name='listing')),
                ('vendor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commission_rules', to='partner.partner', verbose_name='group')),
            ],
            options={
                'verbose_name': 'commission rule',
                'verbose_name_plural': 'commission rules',
                'ordering': ['-valid_from', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 1)), name='commission_rule_is_a_fraction'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='commission_rule_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('product__isnull', True), models.Q(('category__isnull', True), ('vendor__isnull', True)), _connector='OR'), name='commission_rule_of_listing_stands_alone'), models.UniqueConstraint(fields=('vendor', 'category', 'product', 'valid_from'), name='commission_rule_once', nulls_distinct=False, violation_error_message='There is a rule for the same from that day already.')],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rate', models.DecimalField(decimal_places=4, help_text='A fraction: 0.08 is 8 percent.', max_digits=5, verbose_name='rate')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day; empty while no end is known.', null=True, verbose_name='valid until')),
                ('note', models.CharField(blank=True, max_length=140, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='entered at')),
                ('country', models.CharField(help_text='ISO 3166: BT, IN, TH.', max_length=2, verbose_name='country')),
                ('kind', models.CharField(choices=[('goods', 'goods'), ('delivery', 'delivery'), ('commission', 'commission')], max_length=10, verbose_name='on')),
                ('name', models.CharField(help_text='As bills say it: GST, VAT.', max_length=20, verbose_name='name')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'tax rate',
                'verbose_name_plural': 'tax rates',
                'ordering': ['country', 'kind', '-valid_from', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lte', 1)), name='tax_rate_is_a_fraction'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='tax_rate_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z][A-Z]$')), name='tax_rate_names_a_country'), models.CheckConstraint(condition=models.Q(('category__isnull', True), ('kind', 'goods'), _connector='OR'), name='tax_rate_by_category_is_on_goods'), models.UniqueConstraint(fields=('country', 'kind', 'category', 'valid_from'), name='tax_rate_once', nulls_distinct=False, violation_error_message='There is a rate for the same from that day already.')],
            },
        ),
    ]

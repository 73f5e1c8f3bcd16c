import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('partner', '0007_partneraddress_code'),
        ('regions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=32, verbose_name='from')),
                ('to_state', models.CharField(max_length=32, verbose_name='to')),
                ('on_behalf_of', models.CharField(blank=True, max_length=128, verbose_name='on behalf of')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
            ],
            options={
                'verbose_name': 'decision about a listing',
                'verbose_name_plural': 'decisions about listings',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='product',
            options={'ordering': ['-date_created'], 'verbose_name': 'listing', 'verbose_name_plural': 'listings'},
        ),
        migrations.AlterModelOptions(
            name='productimage',
            options={'ordering': ['display_order'], 'verbose_name': 'photo', 'verbose_name_plural': 'photos'},
        ),
        migrations.AddField(
            model_name='product',
            name='identified_product',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='regions.identifiedproduct', verbose_name='product the place is known for'),
        ),
        migrations.AddField(
            model_name='product',
            name='ingredients',
            field=models.CharField(blank=True, max_length=255, verbose_name='ingredients or material'),
        ),
        migrations.AddField(
            model_name='product',
            name='is_example',
            field=models.BooleanField(default=False, verbose_name='example'),
        ),
        migrations.AddField(
            model_name='product',
            name='lot_rule',
            field=models.CharField(blank=True, max_length=160, verbose_name='how lots are marked'),
        ),
        migrations.AddField(
            model_name='product',
            name='net_quantity',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True, verbose_name='net quantity'),
        ),
        migrations.AddField(
            model_name='product',
            name='net_unit',
            field=models.CharField(blank=True, choices=[('g', 'g'), ('ml', 'ml'), ('piece', 'piece')], max_length=6, verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='product',
            name='price_currency',
            field=models.CharField(blank=True, editable=False, max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='product',
            name='price_from',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='price from'),
        ),
        migrations.AddField(
            model_name='product',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='on sale since'),
        ),
        migrations.AddField(
            model_name='product',
            name='region',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='regions.region', verbose_name='place of origin'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='product',
            name='search_words',
            field=models.TextField(blank=True, editable=False, verbose_name='names of place and group'),
        ),
        migrations.AddField(
            model_name='product',
            name='vendor',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='partner.partner', verbose_name='group'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='product',
            name='size_label',
            field=models.CharField(blank=True, max_length=40, verbose_name='size'),
        ),
        migrations.AddField(
            model_name='product',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'waiting for review'), ('returned', 'changes asked for'), ('live', 'on sale'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='product',
            name='storage',
            field=models.CharField(blank=True, max_length=255, verbose_name='how to keep it'),
        ),
        migrations.AddField(
            model_name='product',
            name='submitted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='productimage',
            name='alt_text',
            field=models.CharField(blank=True, max_length=200, verbose_name='what the photo shows'),
        ),
        migrations.AddField(
            model_name='productimage',
            name='has_renditions',
            field=models.BooleanField(default=False, editable=False, verbose_name='renditions made'),
        ),
        migrations.AddField(
            model_name='productimage',
            name='height',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='height'),
        ),
        migrations.AddField(
            model_name='productimage',
            name='width',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='width'),
        ),
        migrations.AlterField(
            model_name='product',
            name='is_public',
            field=models.BooleanField(db_index=True, default=False, editable=False, verbose_name='is public'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(fields=['title'], name='listing_title_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('state', 'live'), models.Q(('structure', 'child'), _negated=True)), fields=['-published_at', '-id'], name='listing_newest'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('state', 'live'), models.Q(('structure', 'child'), _negated=True)), fields=['region', '-published_at'], name='listing_by_place'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('state', 'live'), models.Q(('structure', 'child'), _negated=True)), fields=['price_from', 'id'], name='listing_by_price'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_public', True), ('state', 'live')), models.Q(('is_public', False), models.Q(('state', 'live'), _negated=True)), _connector='OR'), name='listing_public_only_while_live'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='listing_live_has_date'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('parent__isnull', False), ('structure', 'child')), models.Q(models.Q(('structure', 'child'), _negated=True), ('parent__isnull', True)), _connector='OR'), name='listing_size_has_parent'),
        ),
    ]

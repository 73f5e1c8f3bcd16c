import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0007_partneraddress_code'),
        ('regions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('chair', 'chair'), ('bookkeeper', 'bookkeeper'), ('packer', 'packer')], max_length=12, verbose_name='role')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
            },
        ),
        migrations.CreateModel(
            name='VendorEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(max_length=32, verbose_name='from')),
                ('to_state', models.CharField(max_length=32, verbose_name='to')),
                ('on_behalf_of', models.CharField(blank=True, max_length=128, verbose_name='on behalf of')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
            ],
            options={
                'verbose_name': 'decision about a group',
                'verbose_name_plural': 'decisions about groups',
                'ordering': ['created_at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='partner',
            options={'ordering': ('name', 'code'), 'permissions': (('dashboard_access', 'Can access dashboard'),), 'verbose_name': 'producer group', 'verbose_name_plural': 'producer groups'},
        ),
        migrations.AddField(
            model_name='partner',
            name='address',
            field=models.CharField(blank=True, max_length=255, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='partner',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='approved at'),
        ),
        migrations.AddField(
            model_name='partner',
            name='closed_from',
            field=models.DateField(blank=True, null=True, verbose_name='closed from'),
        ),
        migrations.AddField(
            model_name='partner',
            name='closed_until',
            field=models.DateField(blank=True, null=True, verbose_name='closed until'),
        ),
        migrations.AddField(
            model_name='partner',
            name='commission_rate',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True, verbose_name='commission rate'),
        ),
        migrations.AddField(
            model_name='partner',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now, verbose_name='created at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='partner',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='e-mail address'),
        ),
        migrations.AddField(
            model_name='partner',
            name='food_licence',
            field=models.CharField(blank=True, max_length=40, verbose_name='food licence number'),
        ),
        migrations.AddField(
            model_name='partner',
            name='home_region',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='vendors', to='regions.region', verbose_name='home place'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='partner',
            name='household_count',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='households'),
        ),
        migrations.AddField(
            model_name='partner',
            name='is_example',
            field=models.BooleanField(default=False, verbose_name='example'),
        ),
        migrations.AddField(
            model_name='partner',
            name='kind',
            field=models.CharField(choices=[('producer_group', 'producer group'), ('farmers_group', "farmers' group"), ('cooperative', 'co-operative'), ('self_help_group', 'self-help group'), ('artisan', 'artisan'), ('aggregator', 'aggregator'), ('programme_shop', "programme's own shop")], default='producer_group', max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='partner',
            name='phone',
            field=models.CharField(blank=True, max_length=16, verbose_name='phone number'),
        ),
        migrations.AddField(
            model_name='partner',
            name='state',
            field=models.CharField(choices=[('applied', 'applied'), ('returned', 'returned with remarks'), ('approved', 'approved'), ('suspended', 'suspended'), ('closed', 'closed for good')], default='applied', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='partner',
            name='story',
            field=models.TextField(blank=True, verbose_name='story'),
        ),
        migrations.AddField(
            model_name='partner',
            name='summary',
            field=models.CharField(blank=True, max_length=160, verbose_name='in one line'),
        ),
        migrations.AlterField(
            model_name='stockrecord',
            name='num_allocated',
            field=models.PositiveIntegerField(default=0, verbose_name='number reserved'),
        ),
        migrations.AlterField(
            model_name='stockrecord',
            name='num_in_stock',
            field=models.PositiveIntegerField(default=0, verbose_name='number in stock'),
        ),
        migrations.AlterField(
            model_name='stockrecord',
            name='price',
            field=models.DecimalField(decimal_places=2, default=1, max_digits=12, verbose_name='price'),
            preserve_default=False,
        ),
    ]

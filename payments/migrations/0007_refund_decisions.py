"""Who may decide about refunds and disputes, and how many messages were refused."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0006_payout_rules'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='dispute',
            options={'ordering': ['-opened_at', '-pk'], 'permissions': [('decide_dispute', 'Can say what disputes are about')], 'verbose_name': 'dispute', 'verbose_name_plural': 'disputes'},
        ),
        migrations.AlterModelOptions(
            name='refund',
            options={'permissions': [('decide_refund', 'Can decide about refunds')], 'verbose_name': 'refund', 'verbose_name_plural': 'refunds'},
        ),
        migrations.CreateModel(
            name='RefusedMessages',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20, verbose_name='provider')),
                ('day', models.DateField(verbose_name='day')),
                ('why', models.CharField(max_length=40, verbose_name='why')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='messages')),
                ('last_at', models.DateTimeField(auto_now_add=True, verbose_name='last at')),
            ],
            options={
                'verbose_name': 'refused messages',
                'verbose_name_plural': 'refused messages',
                'ordering': ['-day', 'why'],
                'constraints': [models.UniqueConstraint(fields=('provider', 'day', 'why'), name='refused_messages_once')],
            },
        ),
    ]

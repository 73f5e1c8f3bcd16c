"""An order may be a gift, with words to it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0034_package_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='gift_message',
            field=models.CharField(blank=True, max_length=300, verbose_name='words to the gift'),
        ),
        migrations.AddField(
            model_name='order',
            name='is_gift',
            field=models.BooleanField(default=False, verbose_name='a gift'),
        ),
    ]

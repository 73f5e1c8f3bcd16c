"""Identified products say which edition of which list names them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of the lists."""

    dependencies = [
        ('regions', '0012_minutes_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='identifiedproduct',
            name='edition',
            field=models.CharField(blank=True, editable=False, max_length=120, verbose_name='edition of the list'),
        ),
        migrations.AddField(
            model_name='identifiedproduct',
            name='left_list',
            field=models.BooleanField(default=False, editable=False, verbose_name='no longer in the list'),
        ),
        migrations.AddField(
            model_name='identifiedproduct',
            name='listed_since',
            field=models.CharField(blank=True, editable=False, max_length=120, verbose_name='in the list since'),
        ),
    ]

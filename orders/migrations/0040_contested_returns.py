"""A group may say that goods came back not as they should be, with photos of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0039_own_wrong_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='return',
            name='came_back_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='came back, not as it should be, at'),
        ),
        migrations.AddField(
            model_name='returnphoto',
            name='by_group',
            field=models.BooleanField(default=False, verbose_name='of the group'),
        ),
    ]

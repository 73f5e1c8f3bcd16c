from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Groups that the office entered have waited since then; nothing said so."""
    partner = apps.get_model('partner', 'Partner')
    partner.objects.filter(state='applied', submitted_at=None).update(submitted_at=F('created_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0024_queue_index'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

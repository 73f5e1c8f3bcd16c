from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Groups that wait were handed in when they were entered: nobody knew drafts then."""
    partner = apps.get_model('partner', 'Partner')
    partner.objects.filter(state='applied', submitted_at=None).update(submitted_at=F('created_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0013_application'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

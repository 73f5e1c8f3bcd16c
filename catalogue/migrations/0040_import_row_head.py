"""A row of a file knows the row with the first size of its listing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may stay empty."""

    dependencies = [("catalogue", "0039_import_jobs")]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="head",
            field=models.PositiveIntegerField(null=True, verbose_name="row of the first size"),
        ),
    ]

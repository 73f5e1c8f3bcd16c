"""Say of each group in which language its story is: where no Latin letter stands, the script tells."""

from django.db import migrations

SCRIPTS = (("hi", "[\u0900-\u097f]"), ("dz", "[\u0f00-\u0fff]"))


def tell(apps, schema_editor):
    groups = apps.get_model("partner", "Partner").objects.exclude(story__regex="[A-Za-z]")
    for code, letters in SCRIPTS:
        groups.filter(story__regex=letters).update(words_language=code)


class Migration(migrations.Migration):
    dependencies = [("partner", "0028_translations")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=False)]

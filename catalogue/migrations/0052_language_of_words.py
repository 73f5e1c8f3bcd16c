"""Say of each listing in which language its group wrote it: where no Latin letter stands, the script tells."""

from django.db import migrations

SCRIPTS = (("hi", "[\u0900-\u097f]"), ("dz", "[\u0f00-\u0fff]"))


def tell(apps, schema_editor):
    listings = apps.get_model("catalogue", "Product").objects.exclude(title__regex="[A-Za-z]")
    for code, letters in SCRIPTS:
        listings.filter(title__regex=letters).update(words_language=code)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0051_translations")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=False)]

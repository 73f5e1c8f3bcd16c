"""Titles are found by search_vector, and a word nearly right by SearchWord: nothing reads the trigrams of titles."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0055_former_slugs")]

    operations = [migrations.RemoveIndex(model_name="product", name="listing_title_trigrams")]

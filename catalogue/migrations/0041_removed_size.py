"""A size that was sold and is offered no more stays for its orders' sake."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column, and what holds where it is true."""

    dependencies = [("catalogue", "0040_import_row_head")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="is_removed",
            field=models.BooleanField(default=False, editable=False, verbose_name="size taken out"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_removed", False),
                    models.Q(("is_public", False), ("state", "withdrawn"), ("structure", "child")),
                    _connector="OR",
                ),
                name="listing_removed_size_is_not_sold",
            ),
        ),
    ]

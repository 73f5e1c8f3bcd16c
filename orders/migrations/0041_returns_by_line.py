"""Of each line, no longer of each vendor order, at most one return is unfinished."""

from django.db import migrations, models

FINISHED = """
UPDATE order_returnitem SET is_open = false FROM order_return
WHERE order_return.id = order_returnitem.case_id AND order_return.state IN ('closed', 'declined', 'withdrawn');
"""


class Migration(migrations.Migration):

    dependencies = [("order", "0040_contested_returns")]

    operations = [
        migrations.AddField(
            model_name="returnitem",
            name="is_open",
            field=models.BooleanField(default=True, verbose_name="unfinished"),
        ),
        migrations.RunSQL(FINISHED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="returnitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("line",), name="return_item_one_unfinished_per_line"
            ),
        ),
        migrations.RemoveConstraint(model_name="return", name="return_one_unfinished_per_part"),
    ]

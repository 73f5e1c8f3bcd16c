from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("basket", "0012_line_code"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "0007_partneraddress_code"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="basket_line_quantity_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("basket", "stockrecord"), name="basket_line_once_per_stock_record"
            ),
        ),
    ]

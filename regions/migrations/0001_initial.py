"""Places, schemes and what places are known for; the extensions that their indexes need come first."""

import django.db.models.deletion
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="ReferenceLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint of the files")),
                ("counts", models.JSONField(verbose_name="rows held after it")),
                ("loaded_at", models.DateTimeField(auto_now_add=True, verbose_name="loaded")),
            ],
            options={
                "verbose_name": "load of reference data",
                "verbose_name_plural": "loads of reference data",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("country", "country"),
                            ("dzongkhag", "dzongkhag"),
                            ("gewog", "gewog"),
                            ("state", "state or union territory"),
                            ("district", "district"),
                            ("province", "province"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "local_name",
                    models.CharField(blank=True, max_length=80, verbose_name="name in the local script"),
                ),
                (
                    "local_language",
                    models.CharField(blank=True, max_length=8, verbose_name="language of the local name"),
                ),
                ("path", models.CharField(max_length=120, unique=True, verbose_name="path")),
                ("depth", models.PositiveSmallIntegerField(verbose_name="depth")),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="latitude"
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "lgd_code",
                    models.CharField(
                        blank=True, max_length=8, verbose_name="Local Government Directory code"
                    ),
                ),
                (
                    "coordinate_basis",
                    models.CharField(blank=True, max_length=120, verbose_name="what the point stands for"),
                ),
                (
                    "name_source",
                    models.CharField(blank=True, max_length=255, verbose_name="source of the name"),
                ),
                (
                    "status_note",
                    models.CharField(blank=True, max_length=255, verbose_name="remark on its status"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="regions.region",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="MapTile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "layout",
                    models.CharField(
                        choices=[
                            ("bt_dzongkhag", "Bhutan by dzongkhag"),
                            ("bt_gewog", "Bhutan by gewog"),
                            ("in_state", "India by state"),
                            ("th_province", "Thailand by province"),
                        ],
                        max_length=20,
                        verbose_name="map",
                    ),
                ),
                ("column", models.PositiveSmallIntegerField(verbose_name="column")),
                ("row", models.PositiveSmallIntegerField(verbose_name="row")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiles",
                        to="regions.region",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "map tile",
                "verbose_name_plural": "map tiles",
                "ordering": ["layout", "row", "column"],
            },
        ),
        migrations.CreateModel(
            name="GeographicalIndication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country of origin")),
                (
                    "serial",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="serial in the register of India"
                    ),
                ),
                (
                    "application_number",
                    models.CharField(blank=True, max_length=40, verbose_name="application number"),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "goods_class",
                    models.CharField(
                        choices=[
                            ("Handicraft", "handicraft"),
                            ("Agricultural", "agricultural"),
                            ("Food Stuff", "food stuff"),
                            ("Manufactured", "manufactured"),
                            ("Natural Goods", "natural goods"),
                        ],
                        max_length=20,
                        verbose_name="class of goods",
                    ),
                ),
                ("states", models.CharField(blank=True, max_length=160, verbose_name="states as printed")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year of registration"
                    ),
                ),
                ("filed", models.CharField(blank=True, max_length=60, verbose_name="filed on")),
                (
                    "registered_window",
                    models.CharField(blank=True, max_length=60, verbose_name="registered within"),
                ),
                ("status", models.CharField(max_length=80, verbose_name="status")),
                ("note", models.CharField(blank=True, max_length=255, verbose_name="remark")),
                ("source", models.CharField(max_length=400, verbose_name="source")),
                (
                    "regions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="geographical_indications",
                        to="regions.region",
                        verbose_name="places",
                    ),
                ),
            ],
            options={
                "verbose_name": "geographical indication",
                "verbose_name_plural": "geographical indications",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegionAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alias", models.CharField(max_length=120, verbose_name="other name")),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="regions.region",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name of a place",
                "verbose_name_plural": "other names of places",
                "ordering": ["alias", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "country",
                    models.ForeignKey(
                        limit_choices_to={"level": "country"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schemes",
                        to="regions.region",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "scheme",
                "verbose_name_plural": "schemes",
                "ordering": ["country", "code"],
            },
        ),
        migrations.CreateModel(
            name="IdentifiedProduct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="product")),
                ("category", models.CharField(max_length=60, verbose_name="category")),
                ("sector", models.CharField(blank=True, max_length=60, verbose_name="sector in the source")),
                ("rank", models.CharField(blank=True, max_length=20, verbose_name="rank in the list")),
                (
                    "year_of_source",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year of the source"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=255, verbose_name="remark")),
                ("source", models.CharField(max_length=400, verbose_name="source")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identified_products",
                        to="regions.region",
                        verbose_name="place",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identified_products",
                        to="regions.scheme",
                        verbose_name="scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "identified product",
                "verbose_name_plural": "identified products",
                "ordering": ["region", "name"],
            },
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["parent", "name"], name="region_children_by_name"),
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["level", "name"], name="region_level_by_name"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("depth", 0), ("level", "country"), ("parent__isnull", True)),
                    models.Q(
                        ("depth", 1),
                        ("level__in", ("dzongkhag", "state", "province")),
                        ("parent__isnull", False),
                    ),
                    models.Q(("depth", 2), ("level__in", ("gewog", "district")), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="region_level_fits_depth",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "path__endswith",
                        django.db.models.functions.text.Concat(models.F("code"), models.Value("/")),
                    )
                ),
                name="region_path_ends_with_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z0-9-]+$")), name="region_code_is_written_in_capitals"
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="region_point_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lgd_code", ""), _negated=True),
                fields=("lgd_code",),
                name="region_lgd_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="maptile",
            constraint=models.UniqueConstraint(fields=("layout", "region"), name="map_tile_region_once"),
        ),
        migrations.AddConstraint(
            model_name="maptile",
            constraint=models.UniqueConstraint(fields=("layout", "column", "row"), name="map_tile_cell_once"),
        ),
        migrations.AddConstraint(
            model_name="geographicalindication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("serial__isnull", False)), fields=("serial",), name="gi_serial_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="geographicalindication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("serial__isnull", True)),
                fields=("country", "name", "goods_class"),
                name="gi_unnumbered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="geographicalindication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("application_number", ""), _negated=True),
                fields=("application_number",),
                name="gi_application_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="regionalias",
            constraint=models.UniqueConstraint(fields=("region", "alias"), name="region_alias_once"),
        ),
        migrations.AddConstraint(
            model_name="identifiedproduct",
            constraint=models.UniqueConstraint(
                fields=("scheme", "region", "name"), name="identified_product_once"
            ),
        ),
    ]

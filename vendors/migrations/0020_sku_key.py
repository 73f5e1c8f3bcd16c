"""The name of a size as it is compared: letters of show as plain ones, no unseen signs, one dash, no case.

The lists of signs are those of vendors.domain.sku.
"""

from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION partner_sku_key(sku text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
AS $$
SELECT lower(btrim(regexp_replace(regexp_replace(normalize(regexp_replace(sku,
    '[\u0001-\u0008\u000E-\u001F\u007F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\U000E0000-\U000E0FFF]',
    '', 'g'), NFKC),
    '[\u1806\u2010-\u2015\u2043\u2212]', '-', 'g'),
    '\s+', ' ', 'g')))
$$;
"""
BACKWARD = "DROP FUNCTION partner_sku_key(text);"


class Migration(migrations.Migration):
    """A column that PostgreSQL keeps by itself."""

    dependencies = [("partner", "0019_invitation")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField(
            model_name="stockrecord",
            name="sku_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("partner_sku"), function="partner_sku_key"),
                output_field=models.TextField(),
            ),
        ),
    ]

"""Words that stood in the address of a kind of goods before, kept by PostgreSQL whoever changes them.

keep_former_slug is for any table with a column slug; its argument is the table of the words of before.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION keep_former_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.slug = NEW.slug THEN
            RETURN NULL;
        END IF;
        EXECUTE format(
            'INSERT INTO %I (slug, page_id, left_at) VALUES ($1, $2, now())
             ON CONFLICT (slug) DO UPDATE SET page_id = excluded.page_id, left_at = excluded.left_at',
            TG_ARGV[0]
        ) USING OLD.slug, NEW.id;
    END IF;
    -- Whoever has a word today is found by it, and nobody else any more.
    EXECUTE format('DELETE FROM %I WHERE slug = $1', TG_ARGV[0]) USING NEW.slug;
    RETURN NULL;
END $$;
CREATE TRIGGER category_slug_kept AFTER INSERT OR UPDATE OF slug ON catalogue_category
    FOR EACH ROW EXECUTE FUNCTION keep_former_slug('catalogue_formercategoryslug');
"""

BACKWARD = """
DROP TRIGGER category_slug_kept ON catalogue_category;
DROP FUNCTION keep_former_slug();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0054_follows'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerCategorySlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=255, unique=True, verbose_name='address of before')),
                ('left_at', models.DateTimeField(verbose_name='left at')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='catalogue.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'address of before of a category',
                'verbose_name_plural': 'addresses of before of categories',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

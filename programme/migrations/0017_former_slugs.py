"""Words that stood in the address of a collection or story before, kept by PostgreSQL whoever changes them."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER collection_slug_kept AFTER INSERT OR UPDATE OF slug ON programme_collection
    FOR EACH ROW EXECUTE FUNCTION keep_former_slug('programme_formercollectionslug');
CREATE TRIGGER story_slug_kept AFTER INSERT OR UPDATE OF slug ON programme_story
    FOR EACH ROW EXECUTE FUNCTION keep_former_slug('programme_formerstoryslug');
"""

BACKWARD = """
DROP TRIGGER story_slug_kept ON programme_story;
DROP TRIGGER collection_slug_kept ON programme_collection;
"""


class Migration(migrations.Migration):

    dependencies = [
        # The function of the triggers.
        ('catalogue', '0055_former_slugs'),
        ('programme', '0016_wrong_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerCollectionSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=255, unique=True, verbose_name='address of before')),
                ('left_at', models.DateTimeField(verbose_name='left at')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='programme.collection', verbose_name='collection')),
            ],
            options={
                'verbose_name': 'address of before of a collection',
                'verbose_name_plural': 'addresses of before of collections',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormerStorySlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=255, unique=True, verbose_name='address of before')),
                ('left_at', models.DateTimeField(verbose_name='left at')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='programme.story', verbose_name='story')),
            ],
            options={
                'verbose_name': 'address of before of a story',
                'verbose_name_plural': 'addresses of before of stories',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

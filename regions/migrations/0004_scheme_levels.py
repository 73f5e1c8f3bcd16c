from django.db import migrations, models

_LEVELS = [
    ('country', 'country'), ('dzongkhag', 'dzongkhag'), ('gewog', 'gewog'),
    ('state', 'state or union territory'), ('district', 'district'), ('province', 'province'),
]
_BY_COUNTRY = {'BT': ('gewog', 'dzongkhag'), 'IN': ('district', 'state'), 'TH': ('province', '')}


def fill(apps, schema_editor):
    """Levels by country; words by code. The next load of the reference data brings the right words."""
    for scheme in apps.get_model('regions', 'Scheme').objects.select_related('country'):
        scheme.proposing_level, scheme.recommending_level = _BY_COUNTRY[scheme.country.code]
        scheme.short_name = scheme.code
        scheme.product_word = f'{scheme.code} product'
        scheme.is_programme = scheme.code != 'BT-REGIONAL'
        scheme.save()


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0003_gi_parties'),
    ]

    operations = [
        migrations.AddField(
            model_name='scheme', name='is_programme',
            field=models.BooleanField(default=True, help_text='Products are proposed to it and approved by it; otherwise it is only a list.', verbose_name='is a programme'),
        ),
        migrations.AddField(
            model_name='scheme', name='short_name',
            field=models.CharField(default='', max_length=30, verbose_name='short name'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='scheme', name='product_word',
            field=models.CharField(default='', max_length=60, verbose_name='what it calls a product'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='scheme', name='proposing_level',
            field=models.CharField(choices=_LEVELS, default='', max_length=12, verbose_name='level that proposes'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='scheme', name='recommending_level',
            field=models.CharField(blank=True, choices=_LEVELS, default='', max_length=12, verbose_name='level that recommends'),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='scheme',
            constraint=models.CheckConstraint(condition=models.Q(('proposing_level', models.F('recommending_level')), _negated=True), name='scheme_levels_differ'),
        ),
    ]

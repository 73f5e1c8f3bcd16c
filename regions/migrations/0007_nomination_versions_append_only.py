"""Versions of nominations are history, kept by PostgreSQL: none is edited or deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION nomination_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only: write a new version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER nomination_version_append_only BEFORE UPDATE OR DELETE ON regions_nominationversion
    FOR EACH ROW EXECUTE FUNCTION nomination_history_is_append_only();
"""

BACKWARD = """
DROP TRIGGER nomination_version_append_only ON regions_nominationversion;
DROP FUNCTION nomination_history_is_append_only();
"""


class Migration(migrations.Migration):
    """Trigger on the versions."""

    dependencies = [("regions", "0006_nominations")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

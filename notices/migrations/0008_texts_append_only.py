"""Versions of texts are history, kept by PostgreSQL: none is edited or deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION notice_text_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only: save a new version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER notice_text_append_only BEFORE UPDATE OR DELETE ON communication_noticetext
    FOR EACH ROW EXECUTE FUNCTION notice_text_is_append_only();
"""

BACKWARD = """
DROP TRIGGER notice_text_append_only ON communication_noticetext;
DROP FUNCTION notice_text_is_append_only();
"""


class Migration(migrations.Migration):
    """Trigger on the texts."""

    dependencies = [("communication", "0007_reach_and_texts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

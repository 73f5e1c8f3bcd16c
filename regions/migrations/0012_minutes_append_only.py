"""Minutes are history, kept by PostgreSQL: none is edited or deleted."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER meeting_minutes_append_only BEFORE UPDATE OR DELETE ON regions_meetingminutes
    FOR EACH ROW EXECUTE FUNCTION nomination_history_is_append_only();
"""

BACKWARD = "DROP TRIGGER meeting_minutes_append_only ON regions_meetingminutes;"


class Migration(migrations.Migration):
    """Trigger on the minutes."""

    dependencies = [("regions", "0011_committees")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""Phone numbers and addresses that somebody wrote into a reason or a remark are masked, as those in their own columns are."""

from django.db import migrations

# A number of eight digits or more, however it is parted; a day such as 2026-11-28 is none. Its end is kept.
FORWARD = r"""
CREATE FUNCTION audit_hush(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(
        regexp_replace(words, '[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)+', '…', 'g'),
        '(?<![[:alnum:]-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[ -]?\d){3,}[ -]?(\d[ -]?\d[ -]?\d[ -]?\d)(?!\d)', '…\1', 'g'
    )
$$;

CREATE FUNCTION audit_hush_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reason := audit_hush(NEW.reason);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_change_hush BEFORE INSERT ON audit_change
    FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION audit_hush_reason();

CREATE OR REPLACE FUNCTION audit_mask(value jsonb, masked text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(jsonb_object_agg(
        key,
        CASE
            WHEN ('~' || key) = ANY (masked) THEN to_jsonb(audit_hush(said #>> '{}'))
            WHEN key <> ALL (masked) OR said IN ('null', '""') THEN said
            WHEN said #>> '{}' ~ '^[+0-9 -]{8,}$' THEN to_jsonb('…' || right(said #>> '{}', 4))
            ELSE to_jsonb('…'::text)
        END
    ), '{}') FROM jsonb_each(value) AS pair (key, said)
$$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION audit_mask(value jsonb, masked text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(jsonb_object_agg(
        key,
        CASE
            WHEN key <> ALL (masked) OR said IN ('null', '""') THEN said
            WHEN said #>> '{}' ~ '^[+0-9 -]{8,}$' THEN to_jsonb('…' || right(said #>> '{}', 4))
            ELSE to_jsonb('…'::text)
        END
    ), '{}') FROM jsonb_each(value) AS pair (key, said)
$$;
DROP TRIGGER audit_change_hush ON audit_change;
DROP FUNCTION audit_hush_reason();
DROP FUNCTION audit_hush(text);
"""


class Migration(migrations.Migration):
    """Private words beside private columns."""

    dependencies = [("audit", "0002_written_by_triggers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

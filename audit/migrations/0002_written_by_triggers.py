"""How a change is written down, and that it stays as it was written."""

from django.db import migrations

# What a name or an address says belongs to the person; of a number the end is kept, by which two can be told apart.
FORWARD = """
CREATE FUNCTION audit_mask(value jsonb, masked text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(jsonb_object_agg(
        key,
        CASE
            WHEN key <> ALL (masked) OR said IN ('null', '""') THEN said
            WHEN said #>> '{}' ~ '^[+0-9 -]{8,}$' THEN to_jsonb('…' || right(said #>> '{}', 4))
            ELSE to_jsonb('…'::text)
        END
    ), '{}') FROM jsonb_each(value) AS pair (key, said)
$$;

CREATE FUNCTION audit_note(
    model text, row_key text, was jsonb, now_is jsonb, masked text[], about_model text, about_row text, place bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    facts jsonb := COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '{}')::jsonb;
    before jsonb := '{}';
    after jsonb := '{}';
BEGIN
    IF was IS NULL THEN
        SELECT jsonb_object_agg(key, value) INTO after
        FROM jsonb_each(now_is) WHERE value NOT IN ('null', '""', '[]', '{}');
    ELSIF now_is IS NULL THEN
        SELECT jsonb_object_agg(key, value) INTO before
        FROM jsonb_each(was) WHERE value NOT IN ('null', '""', '[]', '{}');
    ELSE
        SELECT jsonb_object_agg(key, value), jsonb_object_agg(key, now_is -> key) INTO before, after
        FROM jsonb_each(was) WHERE value IS DISTINCT FROM now_is -> key;
    END IF;
    IF cardinality(masked) > 0 THEN
        before := audit_mask(before, masked);
        after := audit_mask(after, masked);
    END IF;
    INSERT INTO audit_change (
        at, model, row, action, before, after, about_model, about_row, place_id,
        person_id, on_behalf_of, reason, via, operation
    ) VALUES (
        clock_timestamp(), model, row_key,
        CASE WHEN was IS NULL THEN 'added' WHEN now_is IS NULL THEN 'deleted' ELSE 'changed' END,
        COALESCE(before, '{}'), COALESCE(after, '{}'),
        CASE WHEN about_row IS NULL THEN '' ELSE about_model END, COALESCE(about_row, ''), place,
        (facts ->> 'person')::bigint, COALESCE(facts ->> 'on_behalf_of', ''), COALESCE(facts ->> 'reason', ''),
        COALESCE(facts ->> 'via', ''), NULLIF(current_setting('pghistory.context_id', true), '')::uuid
    );
END $$;

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_change_append_only BEFORE UPDATE OR DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_change_never_emptied BEFORE TRUNCATE ON audit_change
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

# Triggers that would call what is no more go first; the next migration forward brings them back.
BACKWARD = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT tgname, tgrelid::regclass AS tracked FROM pg_trigger WHERE tgname LIKE 'pgtrigger_audit_%' LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.tracked);
    END LOOP;
END $$;
DROP TRIGGER audit_change_never_emptied ON audit_change;
DROP TRIGGER audit_change_append_only ON audit_change;
DROP FUNCTION audit_is_append_only();
DROP FUNCTION audit_note(text, text, jsonb, jsonb, text[], text, text, bigint);
DROP FUNCTION audit_mask(jsonb, text[]);
"""


class Migration(migrations.Migration):
    """Rules that only PostgreSQL can keep."""

    dependencies = [("audit", "0001_change")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""A posting is closed when its transaction ends: nothing is added to it later, and the ledger is never emptied.

Two entries that sum to zero could be added to an old posting, and TRUNCATE knew no rule at all.
"""

from django.db import migrations

# Two steps, so that the postings there are stay closed, and the table is not written anew.
FORWARD = """
ALTER TABLE payments_ledgerposting ADD COLUMN posted_in xid8;
ALTER TABLE payments_ledgerposting ALTER COLUMN posted_in SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION ledger_posting_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    posting payments_ledgerposting%ROWTYPE;
BEGIN
    SELECT * INTO posting FROM payments_ledgerposting WHERE id = NEW.posting_id;
    IF posting.posted_in IS DISTINCT FROM pg_current_xact_id() THEN
        RAISE EXCEPTION 'posting % is closed: the ledger is append only', NEW.posting_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (SELECT COALESCE(SUM(amount), 0) FROM payments_ledgerentry WHERE posting_id = NEW.posting_id) <> 0 THEN
        RAISE EXCEPTION 'entries of posting % do not sum to zero', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.currency <> posting.currency THEN
        RAISE EXCEPTION 'posting % has one currency', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_never_emptied BEFORE TRUNCATE ON payments_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_posting_never_emptied BEFORE TRUNCATE ON payments_ledgerposting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
"""

BACKWARD = """
DROP TRIGGER ledger_posting_never_emptied ON payments_ledgerposting;
DROP TRIGGER ledger_entry_never_emptied ON payments_ledgerentry;

CREATE OR REPLACE FUNCTION ledger_posting_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COALESCE(SUM(amount), 0) FROM payments_ledgerentry WHERE posting_id = NEW.posting_id) <> 0 THEN
        RAISE EXCEPTION 'entries of posting % do not sum to zero', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.currency <> (SELECT currency FROM payments_ledgerposting WHERE id = NEW.posting_id) THEN
        RAISE EXCEPTION 'posting % has one currency', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

ALTER TABLE payments_ledgerposting DROP COLUMN posted_in;
"""


class Migration(migrations.Migration):
    """Rules that only PostgreSQL can keep."""

    dependencies = [("payments", "0015_dispute_proposals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""A posting holds its group's key from the moment it is written, so that who locks the group waits for it."""

from django.db import migrations

# Deferred, the key would be asked for and locked only when the transaction commits: after a payout was decided.
_FIND = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT c.conname INTO STRICT name FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
        WHERE c.conrelid = 'payments_ledgerentry'::regclass AND c.contype = 'f' AND a.attname = 'vendor_id';
    EXECUTE 'ALTER TABLE payments_ledgerentry ALTER CONSTRAINT ' || quote_ident(name) || ' {when}';
END $$;
"""


class Migration(migrations.Migration):
    """When the group of a ledger entry is checked."""

    dependencies = [("payments", "0009_debts")]

    operations = [
        migrations.RunSQL(
            _FIND.format(when="NOT DEFERRABLE"), _FIND.format(when="DEFERRABLE INITIALLY DEFERRED")
        )
    ]

"""Entries know their currency and their sale, and PostgreSQL refuses an entry in another currency than its posting's."""

from django.db import migrations

FORWARD = """
ALTER TABLE payments_ledgerentry DISABLE TRIGGER ledger_entry_append_only;
UPDATE payments_ledgerentry SET currency = posting.currency
FROM payments_ledgerposting AS posting WHERE posting.id = payments_ledgerentry.posting_id;
UPDATE payments_ledgerentry SET vendor_order_id = vendor_order.id
FROM payments_ledgerposting AS posting, order_vendororder AS vendor_order
WHERE posting.id = payments_ledgerentry.posting_id AND posting.kind = 'released'
    AND vendor_order.order_id = posting.source_id AND vendor_order.vendor_id = payments_ledgerentry.vendor_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE payments_ledgerentry ENABLE TRIGGER ledger_entry_append_only;

UPDATE payments_paymentattempt SET amount_given_back = refunded.amount
FROM (
    SELECT attempt_id, sum(amount) AS amount FROM payments_refund WHERE state <> 'failed' GROUP BY attempt_id
) AS refunded
WHERE refunded.attempt_id = payments_paymentattempt.id;

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
"""


class Migration(migrations.Migration):
    """What was written before is filled in once; from then on nothing is changed."""

    dependencies = [("payments", "0003_money_in_full"), ("order", "0026_fill_sale_money")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]

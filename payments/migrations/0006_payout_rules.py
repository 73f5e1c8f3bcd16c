"""What PostgreSQL keeps of payouts: no charge sends on more than it brought, details and bank files are never edited."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION transfers_within_charge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    received numeric;
BEGIN
    IF NEW.charge_id = '' OR NEW.state = 'failed' THEN
        RETURN NULL;
    END IF;
    SELECT amount_received INTO received FROM payments_paymentattempt WHERE charge_id = NEW.charge_id
        ORDER BY id LIMIT 1 FOR NO KEY UPDATE;
    IF COALESCE(received, 0) < (
        SELECT SUM(amount) FROM payments_transfer WHERE charge_id = NEW.charge_id AND state <> 'failed'
    ) THEN
        RAISE EXCEPTION 'transfers would be more than charge % brought', NEW.charge_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfers_within_charge';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfers_within_charge AFTER INSERT OR UPDATE OF amount, charge_id, state ON payments_transfer
    FOR EACH ROW EXECUTE FUNCTION transfers_within_charge();

CREATE FUNCTION payout_account_is_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.vendor_id, NEW.rail, NEW.holder, NEW.bank_name, NEW.bank_code, NEW.account_number, NEW.stripe_account_id,
        NEW.requested_by_id, NEW.created_at)
        IS DISTINCT FROM
        (OLD.vendor_id, OLD.rail, OLD.holder, OLD.bank_name, OLD.bank_code, OLD.account_number, OLD.stripe_account_id,
        OLD.requested_by_id, OLD.created_at)
        OR NEW.active_from < OLD.active_from
        OR (OLD.cancelled_at IS NOT NULL AND NEW.cancelled_at IS NULL)
    THEN
        RAISE EXCEPTION 'payout account % is replaced, not edited', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_account_is_replaced BEFORE UPDATE ON payments_payoutaccount
    FOR EACH ROW EXECUTE FUNCTION payout_account_is_replaced();

CREATE FUNCTION payout_file_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sha256 <> '' AND (NEW.number, NEW.currency, NEW.count, NEW.total, NEW.content, NEW.sha256)
        IS DISTINCT FROM (OLD.number, OLD.currency, OLD.count, OLD.total, OLD.content, OLD.sha256)
    THEN
        RAISE EXCEPTION 'batch % has been exported', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_file_is_written_once BEFORE UPDATE ON payments_payoutbatch
    FOR EACH ROW EXECUTE FUNCTION payout_file_is_written_once();
"""

BACKWARD = """
DROP TRIGGER payout_file_is_written_once ON payments_payoutbatch;
DROP FUNCTION payout_file_is_written_once();
DROP TRIGGER payout_account_is_replaced ON payments_payoutaccount;
DROP FUNCTION payout_account_is_replaced();
DROP TRIGGER transfers_within_charge ON payments_transfer;
DROP FUNCTION transfers_within_charge();
"""


class Migration(migrations.Migration):
    """Rules over several rows, and rows that stay as they were written."""

    dependencies = [("payments", "0005_cash_rules")]

    operations = [
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(
                fields=["charge_id"], name="attempt_by_charge", condition=~models.Q(charge_id="")
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                fields=["charge_id"], name="transfer_by_charge", condition=~models.Q(charge_id="")
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutbatch",
            constraint=models.UniqueConstraint(
                fields=["currency"],
                name="payout_batch_one_open",
                condition=models.Q(state="draft", drafted_by__isnull=True),
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

"""Details remember by which contacts the group could be reached, so that changing those first hides nothing."""

from django.db import migrations, models

FORWARD = """
UPDATE payments_payoutaccount AS account SET group_phone = vendor.phone, group_email = vendor.email
FROM partner_partner AS vendor WHERE vendor.id = account.vendor_id;

CREATE FUNCTION payout_account_keeps_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payout account % is replaced, not edited', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payout_account_keeps_contacts BEFORE UPDATE ON payments_payoutaccount FOR EACH ROW
    WHEN ((NEW.group_phone, NEW.group_email) IS DISTINCT FROM (OLD.group_phone, OLD.group_email))
    EXECUTE FUNCTION payout_account_keeps_contacts();
"""

BACKWARD = """
DROP TRIGGER payout_account_keeps_contacts ON payments_payoutaccount;
DROP FUNCTION payout_account_keeps_contacts();
"""


class Migration(migrations.Migration):
    """What was given before is filled in with the contacts of today."""

    dependencies = [("payments", "0016_ledger_is_closed"), ("partner", "0019_invitation")]

    operations = [
        migrations.AddField(
            model_name="payoutaccount",
            name="group_phone",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="group's phone then"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="payoutaccount",
            name="group_email",
            field=models.EmailField(blank=True, default="", max_length=254, verbose_name="group's e-mail then"),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

"""The history of stock, kept by PostgreSQL: a change of units writes its movement, and movements are not edited.

What the update says about itself travels in move_note and is taken off the row again. Rows that were there before get
one movement with the number that they hold, so that sums of movements equal the row for all of them.
"""

from django.db import migrations

FORWARD = """
INSERT INTO partner_stockmovement
    (stock_record_id, in_stock_change, reserved_change, in_stock, reserved, why, reference, token, moved_at)
SELECT id, num_in_stock, num_allocated, num_in_stock, num_allocated, 'opened', '', '', clock_timestamp()
FROM partner_stockrecord WHERE num_in_stock <> 0 OR num_allocated <> 0;

CREATE FUNCTION stock_moves_are_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stock_before integer := 0;
    reserved_before integer := 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        stock_before := OLD.num_in_stock;
        reserved_before := OLD.num_allocated;
    END IF;
    IF NEW.num_in_stock <> stock_before OR NEW.num_allocated <> reserved_before THEN
        INSERT INTO partner_stockmovement
            (stock_record_id, in_stock_change, reserved_change, in_stock, reserved, why, actor_id, reference, token,
             moved_at)
        VALUES
            (NEW.id, NEW.num_in_stock - stock_before, NEW.num_allocated - reserved_before, NEW.num_in_stock,
             NEW.num_allocated,
             coalesce(NEW.move_note->>'why', CASE TG_OP WHEN 'INSERT' THEN 'opened' ELSE 'corrected' END),
             (NEW.move_note->>'by')::bigint, coalesce(NEW.move_note->>'reference', ''),
             coalesce(NEW.move_note->>'token', ''), clock_timestamp());
    END IF;
    NEW.move_note := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_record_writes_movements BEFORE INSERT OR UPDATE OF num_in_stock, num_allocated, move_note
    ON partner_stockrecord FOR EACH ROW EXECUTE FUNCTION stock_moves_are_written();

CREATE FUNCTION stock_movement_is_not_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'movements of stock are not edited: correct a mistake by a second one'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE ON partner_stockmovement
    FOR EACH ROW EXECUTE FUNCTION stock_movement_is_not_edited();
"""

BACKWARD = """
DROP TRIGGER stock_movement_append_only ON partner_stockmovement;
DROP FUNCTION stock_movement_is_not_edited();
DROP TRIGGER stock_record_writes_movements ON partner_stockrecord;
DROP FUNCTION stock_moves_are_written();
DELETE FROM partner_stockmovement;
"""


class Migration(migrations.Migration):
    """Triggers on stock."""

    dependencies = [("partner", "0015_stock_movement")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

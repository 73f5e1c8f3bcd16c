"""What was sent before there were packages left in one package, whole; and when each part was handed to its group."""

from django.db import migrations

FORWARD = """
UPDATE order_vendororder SET released_at = COALESCE(sale.released_at, order_vendororder.created_at)
FROM order_order AS sale
WHERE sale.id = order_vendororder.order_id
    AND (sale.released_at IS NOT NULL OR order_vendororder.state NOT IN ('awaiting_payment', 'cancelled'));

INSERT INTO order_package (vendor_order_id, place, shipment_id, packed_at)
SELECT vendor_order_id, 1, id, shipped_at FROM order_shipment;

INSERT INTO order_packageline (package_id, line_id, quantity)
SELECT package.id, line.id, line.quantity - line.cancelled_quantity
FROM order_package AS package JOIN order_line AS line ON line.vendor_order_id = package.vendor_order_id
WHERE line.quantity > line.cancelled_quantity;

UPDATE order_line SET packed_quantity = content.quantity, shipped_quantity = content.quantity
FROM order_packageline AS content WHERE content.line_id = order_line.id;
"""

BACKWARD = """
DELETE FROM order_packageline;
DELETE FROM order_package;
UPDATE order_line SET packed_quantity = 0, shipped_quantity = 0 WHERE packed_quantity > 0;
"""


class Migration(migrations.Migration):

    dependencies = [("order", "0032_packages")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

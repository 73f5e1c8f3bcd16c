"""Orders: basket, delivery, placing, vendor orders and shipments."""

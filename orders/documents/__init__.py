"""Papers of a group's orders: packing slip, pick list, export."""

"""Vendors: producer groups, their members, stock and prices."""

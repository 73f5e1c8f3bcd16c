"""Checkout: where to, delivery per group, check and pay."""

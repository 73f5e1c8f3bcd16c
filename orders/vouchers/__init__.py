"""Vouchers: codes by which offers are taken."""

"""Offers: Oscar's models, with who pays for them."""

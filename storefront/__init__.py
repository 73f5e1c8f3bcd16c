"""Storefront: what shoppers see."""

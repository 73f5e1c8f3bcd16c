"""Addresses that people keep: Oscar's models, with one address that orders begin with."""

"""Demonstration data: example groups, listings, people and orders for the real places and products.

Stands above every room because it writes rows of all of them, and is an app of its own so that production, which does
not install it, has neither the command nor its published passwords.
"""

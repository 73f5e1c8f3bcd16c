"""Every write to baskets and orders that has a rule."""

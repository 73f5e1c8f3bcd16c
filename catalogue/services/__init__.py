"""Every write to listings and photos that has a rule."""

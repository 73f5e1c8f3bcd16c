"""Every write to money that has a rule."""

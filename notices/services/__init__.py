"""Every write to notices, and their sending."""

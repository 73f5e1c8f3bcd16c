"""Template tags about groups."""

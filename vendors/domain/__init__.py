"""Rules about groups that need no database."""

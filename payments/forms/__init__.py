"""What people type about money."""

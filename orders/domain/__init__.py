"""Rules of orders as pure functions."""

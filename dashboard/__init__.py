"""Dashboard: what the members of a producer group see."""

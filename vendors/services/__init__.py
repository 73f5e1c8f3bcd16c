"""Every write to groups, members and stock that has a rule."""

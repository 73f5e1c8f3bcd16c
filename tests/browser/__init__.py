"""What shoppers, groups and moderators do, in a real browser against real processes."""

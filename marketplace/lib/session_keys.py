"""Keys of a session that more than one room of pages writes."""

# Primary key of the group at whose desk the person works.
CHOSEN_GROUP = "dashboard-group"

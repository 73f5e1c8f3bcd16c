"""Pages of the history, and the way from a row to the shop."""

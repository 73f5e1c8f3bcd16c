"""Each numbered fault of money from its cause to its end, with its events as sent, duplicated and reversed."""

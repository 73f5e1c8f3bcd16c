"""Listings as a file: its columns, how a file and a cell are read, what can be wrong with them."""

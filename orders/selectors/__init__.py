"""Reads of baskets and orders as typed rows."""

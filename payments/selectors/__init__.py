"""Reads of the payments that are larger than one queryset method."""

"""Reads of groups that are larger than one queryset method."""

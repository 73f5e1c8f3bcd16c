"""Clients of the outside payment services, behind one Protocol."""

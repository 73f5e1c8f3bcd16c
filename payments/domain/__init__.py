"""Arithmetic and rules of payments, without Django."""

"""The audit as a paper."""

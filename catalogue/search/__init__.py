"""Search over live listings."""

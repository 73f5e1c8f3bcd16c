"""What `make quality` measures and writes to docs/quality.md."""

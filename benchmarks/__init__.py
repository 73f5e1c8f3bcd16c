"""How fast money is handled, measured by one command; see benchmarks/README.md."""

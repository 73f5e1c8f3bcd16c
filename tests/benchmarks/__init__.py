"""Tests of the benchmarks, which are themselves run by hand."""

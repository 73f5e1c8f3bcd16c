"""Tests of the launcher and of the machinery of the tests."""

"""Rules of the catalogue as pure functions."""

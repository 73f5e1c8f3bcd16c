"""People: one account per person, known by e-mail or phone."""

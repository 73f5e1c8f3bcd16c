"""The one exception of the launcher."""


class StartupError(Exception):
    """Something outside the program is missing or taken; its text is one line that says what to do."""

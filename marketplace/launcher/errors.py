"""What stops the launcher; each text is one line for people."""


class StartupError(Exception):
    """Something outside the program is missing or taken; the text says what to do."""


class ProcessEnded(Exception):
    """One of the processes died, so the marketplace is not whole any more; the text says which."""

"""What can go wrong when somebody proves who they are."""


class TooManyTries(Exception):
    """A limit is reached; waiting helps."""

    def __init__(self) -> None:
        super().__init__("too many tries; wait before the next")


class CodeRefused(Exception):
    """The code is wrong, used up, replaced or too old; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("this code proves nothing")

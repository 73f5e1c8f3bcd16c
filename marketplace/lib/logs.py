"""Log lines with their keys: a fixed phrase, then the ids that were given in `extra`."""

import logging

PLAIN_MEMBERS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class KeysFormatter(logging.Formatter):
    """Writes the `extra` of a record behind its phrase as key=value, in the order of the keys; what is None is left out.

    Only ids and short words belong into `extra`: no names, phone numbers, addresses or tokens.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """The line without its trace."""
        line = super().formatMessage(record)
        keys = {name: value for name, value in vars(record).items() if name not in PLAIN_MEMBERS}
        # Django hangs the whole request on its own records; that is no key.
        words = [f"{name}={keys[name]}" for name in sorted(keys) if isinstance(keys[name], str | int)]
        return " ".join([line, *words])

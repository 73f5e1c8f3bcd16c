"""Ports of this machine."""

import errno
import socket

from marketplace.launcher.errors import StartupError

LOOPBACK = "127.0.0.1"
HIGHEST = 65535


def read_port(name: str, word: str) -> int:
    """A port number from a setting. Raises StartupError naming the setting."""
    if not word.isdigit() or not 1 <= int(word) <= HIGHEST:
        raise StartupError(f"{name} must be a port number from 1 to {HIGHEST}, not {word!r}")
    return int(word)


def require_free(name: str, port: int) -> None:
    """Raise StartupError when somebody listens on the port or it may not be used."""
    with socket.socket() as probe:
        # Connections of a server that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartupError(
                    f"port {port} is taken by another program; choose one with {name}={port + 10}"
                ) from None
            raise StartupError(
                f"port {port} cannot be used ({error.strerror}); choose one with {name}=8000"
            ) from None


def any_free() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        number: int = probe.getsockname()[1]
        return number

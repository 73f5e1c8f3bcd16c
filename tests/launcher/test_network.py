"""The closed network of the tests."""

import socket

import pytest

from tests.support.network import NetworkClosed


def test_connection_to_another_machine_is_refused():
    with socket.socket() as probe, pytest.raises(NetworkClosed):
        probe.connect(("192.0.2.1", 80))


def test_name_of_another_machine_is_not_looked_up():
    with pytest.raises(NetworkClosed):
        socket.create_connection(("example.org", 443), timeout=1)


def test_loopback_stays_open():
    with socket.socket() as listener, socket.socket() as client:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        client.connect(listener.getsockname())

        assert client.getpeername() == listener.getsockname()

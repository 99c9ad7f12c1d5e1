"""A test that needs the network does not exist: the guard of ``conftest.py``."""

import socket

import pytest


# documentation addresses, which nobody answers
@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("insee.fr", 443)])
@pytest.mark.parametrize("connect", ["connect", "connect_ex"])
def test_remote_connections_are_refused(address, connect):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(pytest.fail.Exception, match="réseau"):
        getattr(client, connect)(address)


def test_loopback_is_open():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        client.sendall(b"bonjour")
        with server.accept()[0] as received:
            assert received.recv(7) == b"bonjour"

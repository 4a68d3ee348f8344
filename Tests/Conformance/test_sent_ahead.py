# SPDX-License-Identifier: Apache-2.0
"""Clients that send ahead and do not read: what the server would have to keep for them stays small, and once they
read, every answer is there, in its order.

Source    RFC 9112, section 9.3.2, "Pipelining"
"""
import socket
import time

import pytest

from server import ModelServer


@pytest.fixture
def target(bundles):
    server = ModelServer(bundles["iris"], bundles["penguins"], "--idle-timeout-ms", "3000")
    yield server
    server.end()


def request(number: int) -> bytes:
    """For something large, with a name by which its answer is known."""
    return f"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {number}\r\n\r\n".encode()


def send(connection: socket.socket, count: int) -> None:
    """Sends requests until the server takes no more."""
    connection.settimeout(0.3)
    try:
        for number in range(count):
            connection.sendall(request(number))
    except TimeoutError:
        pass


def test_what_is_not_read_is_not_kept(target):
    connections = []
    before = target.resident_bytes
    for _ in range(4):
        connection = socket.create_connection(("127.0.0.1", target.port))
        connections.append(connection)
        send(connection, 20_000)
    # All of the answers together are hundreds of times as large. A client that never reads is given up, as one that
    # says nothing is.
    for _ in range(40):
        time.sleep(0.1)
        assert target.resident_bytes - before < 20e6, f"from {before} to {target.resident_bytes} bytes"
    for connection in connections:
        connection.settimeout(10)
        with pytest.raises(ConnectionResetError):
            while connection.recv(1 << 20):
                pass
        connection.close()


def test_answers_come_in_their_order(target):
    with socket.create_connection(("127.0.0.1", target.port)) as connection:
        for number in range(300):
            connection.sendall(request(number))
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while piece := connection.recv(1 << 20):
            said += piece
    names = [line for line in said.split(b"\r\n") if line.startswith(b"X-Request-Id: ")]
    assert names == [b"X-Request-Id: %d" % number for number in range(300)]
    assert said.count(b'"openapi":') == 300

"""One message after another through a socket: eight bytes of length, then the message."""

import json
import socket
import struct
from typing import Any


def send(connection: socket.socket, content: bytes | dict[str, Any]) -> None:
    """Write one message: bytes, or a tree that :func:`json.dumps` takes."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    connection.sendall(struct.pack("!Q", len(content)) + content)


def receive(connection: socket.socket) -> bytes | None:
    """Read the bytes of one message; None at the end."""
    head = _exactly(connection, 8)
    return head and _exactly(connection, struct.unpack("!Q", head)[0])


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)

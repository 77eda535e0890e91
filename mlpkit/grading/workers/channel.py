"""One message after another through a socket: eight bytes of length, then the message."""

import json
import struct


def send(connection, content):
    """Write one message: bytes, or a tree that :func:`json.dumps` takes."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    connection.sendall(struct.pack("!Q", len(content)) + content)


def receive(connection):
    """Read the bytes of one message; None at the end."""
    head = _exactly(connection, 8)
    return head and _exactly(connection, struct.unpack("!Q", head)[0])


def _exactly(connection, count):
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)

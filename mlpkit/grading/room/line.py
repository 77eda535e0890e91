"""The judge's end of the line on which a kernel is asked for functions; it believes no answer.

One question after another; each message is a number, a length and that many bytes. Jupyter's own
messages take twenty times the processor: they are for cells.
"""

import socket
import struct

HEAD = struct.Struct("!QQ")
PIECE = 1 << 20


class Broken(Exception):
    """The kernel closed its end, or sent what is no message; the words say which."""


class Line:
    """A pair of sockets, one of them for the kernel.

    Parameters
    ----------
    largest : int
        Most bytes of an answer.

    Attributes
    ----------
    theirs : socket
        The kernel's end, to be closed here once the kernel has it.
    """

    def __init__(self, largest: int) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.largest, self.number = largest, 0
        self.unsent, self.come = bytearray(), bytearray()

    def ask(self, content: bytes) -> None:
        """Take a question, which `send` then sends as fast as the kernel reads."""
        self.number += 1
        self.unsent += HEAD.pack(self.number, len(content)) + content

    def send(self) -> None:
        """Send what can be sent at once."""
        try:
            while self.unsent:
                del self.unsent[: self.ours.send(self.unsent[:PIECE])]
        except BlockingIOError:
            return
        except OSError:
            raise Broken("it closed the line to the judge") from None

    def receive(self) -> bytes | None:
        """Take in what has come.

        Returns
        -------
        bytes or None
            The answer to the last question, once it is here; those to others are dropped.

        Raises
        ------
        Broken
        """
        try:
            part = self.ours.recv(PIECE)
        except BlockingIOError:
            return None
        except OSError:
            part = b""
        if not part:
            raise Broken("it closed the line to the judge")
        self.come += part
        while len(self.come) >= HEAD.size:
            number, size = HEAD.unpack_from(self.come)
            if size > self.largest:
                raise Broken("it sent too much")
            if len(self.come) < HEAD.size + size:
                break
            body = bytes(self.come[HEAD.size : HEAD.size + size])
            del self.come[: HEAD.size + size]
            if number == self.number:
                return body
        return None

    def close(self) -> None:
        """Let go of both ends."""
        self.ours.close()
        self.theirs.close()

"""Sockets to a kernel: requests go, answers are waited for, and too much of them is refused."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import zmq

from mlpkit.grading.job import Limits
from mlpkit.grading.room.line import Broken, Line
from mlpkit.grading.room.messages import Session

LOOK_EVERY = 0.25
# By number, as IPC has them: the files of a kernel's sockets end in these.
PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "hb": 4, "control": 5}


class TooMuch(Exception):
    """The kernel sent more than it may; the message says what."""


class NobodyServes(Exception):
    """The kernel has left off answering questions."""


class Conversation:
    """One client's sockets, which believe nothing that comes through them."""

    def __init__(self, limits: Limits) -> None:
        self.session, self.limits, self.line = Session(), limits, Line(limits.result)
        self.received, self.published = 0, 0
        self.context: zmq.Context[zmq.Socket[bytes]] | None = None

    def connection(self) -> dict[str, Any]:
        """Give what the kernel has to know, as Jupyter's connection file holds it."""
        ports = {f"{name}_port": number for name, number in PORTS.items()}
        signed = {"key": self.session.key, "signature_scheme": "hmac-sha256"}
        return {"transport": "ipc", **signed, **ports}

    def connect(self, address: str) -> None:
        """Connect to the sockets that begin with this address."""
        self.context = context = zmq.Context()
        self.shell = self._socket(context, zmq.DEALER, f"ipc://{address}-{PORTS['shell']}")
        self.iopub = self._socket(context, zmq.SUB, f"ipc://{address}-{PORTS['iopub']}")

    def _socket(
        self, context: "zmq.Context[zmq.Socket[bytes]]", kind: int, address: str
    ) -> "zmq.Socket[bytes]":
        socket = context.socket(kind)
        socket.linger = 0
        socket.maxmsgsize = 2 * self.limits.result
        socket.rcvhwm = 1000
        if kind == zmq.SUB:
            socket.subscribe(b"")
        socket.connect(address)
        return socket

    def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request; return its number."""
        number, parts = self.session.request(kind, content)
        self.shell.send_multipart(parts)
        return number

    def heard(self, milliseconds: int) -> bool:
        """Whether anything is published within this time."""
        return bool(self.iopub.poll(milliseconds))

    def wait(
        self,
        number: str,
        deadline: float,
        take: Callable[[str, dict[str, Any]], object],
        look: Callable[[], object],
    ) -> dict[str, Any] | None:
        """Take messages until the reply and the idle state of one request, or the deadline.

        Parameters
        ----------
        number : str
        deadline : float
            By `time.monotonic`.
        take : callable
            Is given the kind and the content of each output.
        look : callable
            Called now and then meanwhile; what it raises ends the waiting.

        Returns
        -------
        dict or None
            The reply's content.

        Raises
        ------
        TooMuch
        """
        poller = zmq.Poller()
        poller.register(self.shell, zmq.POLLIN)
        poller.register(self.iopub, zmq.POLLIN)
        reply: dict[str, Any] | None = None
        idle, looked = False, time.monotonic()
        while reply is None or not idle:
            left = deadline - time.monotonic()
            if left <= 0:
                return reply
            ready = dict(poller.poll(int(1000 * min(left, LOOK_EVERY))))
            if self.shell in ready:
                kind, body = self._receive(self.shell, number)
                if kind == "execute_reply":
                    reply, deadline = body, min(deadline, time.monotonic() + 1)
            if self.iopub in ready:
                kind, body = self._receive(self.iopub, number)
                if kind == "status" and body.get("execution_state") == "idle":
                    idle = True
                elif kind:
                    take(kind, body)
            if time.monotonic() - looked > LOOK_EVERY:
                look()
                looked = time.monotonic()
        return reply

    def answer(
        self, number: str | None, deadline: float, look: Callable[[], object]
    ) -> bytes | None:
        """Wait for the answer on the line, while the kernel serves it.

        Parameters
        ----------
        number : str
            Of the request to serve: after a reply to it nobody answers.
        deadline, look
            As for `wait`.

        Returns
        -------
        bytes or None
            None after the deadline.

        Raises
        ------
        TooMuch, NobodyServes
        """
        looked = time.monotonic()
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(self._poller().poll(int(1000 * min(left, LOOK_EVERY))))
            try:
                if self.line.unsent:
                    self.line.send()
                answer = self.line.receive() if self.line.ours.fileno() in ready else None
            except Broken as error:
                self._wait_for_the_end(look)
                raise TooMuch(str(error)) from None
            if answer is not None:
                return answer
            if self.iopub in ready:
                self._receive(self.iopub, number)
            if self.shell in ready and self._receive(self.shell, number)[0] == "execute_reply":
                raise NobodyServes
            if time.monotonic() - looked > LOOK_EVERY:
                look()
                looked = time.monotonic()
        return None

    def hang_up(
        self, number: str, deadline: float, look: Callable[[], object]
    ) -> dict[str, Any] | None:
        """Send the line's last question, and wait until the kernel is idle; True if it is."""
        with contextlib.suppress(Broken):  # what has become of the kernel, the waiting finds
            self.line.send()
        return self.wait(number, deadline, lambda *_: None, look)

    def _poller(self) -> zmq.Poller:
        poller = zmq.Poller()
        poller.register(self.shell, zmq.POLLIN)
        poller.register(self.iopub, zmq.POLLIN)
        poller.register(self.line.ours, zmq.POLLIN | (zmq.POLLOUT if self.line.unsent else 0))
        return poller

    @staticmethod
    def _wait_for_the_end(look: Callable[[], object]) -> None:
        """Look for the kernel's end, which closes the line too, and says more."""
        for _ in range(50):
            look()
            time.sleep(0.02)

    def _receive(
        self, socket: "zmq.Socket[bytes]", number: str | None
    ) -> tuple[str | None, dict[str, Any]]:
        """Read one message: (type, content) if it belongs to the request, else (None, {})."""
        try:
            parts = socket.recv_multipart(zmq.NOBLOCK)
        except zmq.ZMQError:
            return None, {}
        self._count(socket, sum(map(len, parts)))
        try:
            kind, answered, body = self.session.read(parts)
        except Exception:
            # Whatever a kernel can do to its messages, this one is none of ours.
            return None, {}
        if answered != number or not isinstance(body, dict) or not isinstance(kind, str):
            return None, {}
        return kind, body

    def _count(self, socket: "zmq.Socket[bytes]", size: int) -> None:
        self.received += size
        if self.received > self.limits.output + self.limits.result * 64:
            raise TooMuch("it sent too much")
        self.published += size if socket is self.iopub else 0
        if self.published > self.limits.output:
            raise TooMuch(f"it wrote more than {self.limits.output // 1024**2:,} MB of output")

    def close(self) -> None:
        """Let go of the sockets."""
        self.line.close()
        if self.context is not None:
            self.context.destroy(linger=0)

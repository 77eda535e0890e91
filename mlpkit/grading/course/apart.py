"""A text built in a process of its own, within limits: one that grows is no other's trouble."""

import resource
import socket
from collections.abc import Callable

from mlpkit.grading.room.inside.confine import address_space
from mlpkit.grading.workers.channel import receive, send
from mlpkit.grading.workers.forked import forked


class NoPage(Exception):
    """A page couldn't be built; the message says why."""


def within(build: Callable[[], str], seconds: float, memory: int) -> str:
    """Build a text in a fork with limits.

    Raises
    ------
    NoPage
        If it fails, or takes more than ``seconds`` or ``memory`` bytes.
    """
    with forked(lambda connection: _build(build, connection, seconds, memory)) as connection:
        connection.settimeout(seconds)
        try:
            kind, _, text = (receive(connection) or b"").decode().partition("\n")
        except TimeoutError:
            raise NoPage(f"it took longer than {seconds:g} seconds") from None
    if kind == "page":
        return text
    raise NoPage(text or "it took too much memory or time")


def _build(
    build: Callable[[], str], connection: socket.socket, seconds: float, memory: int
) -> None:
    size, processor = address_space() + memory, int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    try:
        answer = "page\n" + build()
    except BaseException as error:
        answer = f"why\n{type(error).__name__}: {error}"[:300]
    send(connection, answer.encode("utf-8", "replace"))

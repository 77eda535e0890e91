"""In the student's kernel: look up names and call functions for the judge, on a line of its own.

Runs in the student's process, so nothing it answers is trusted; the judge checks all of it.
Loaded by the zygote beside ``wire``, as ``mlpkit_bridge``.
"""

import importlib
import inspect
import linecache
import os
import signal
import struct
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlpkit import plain_state
    from mlpkit.grading.room.inside import wire
else:
    import mlpkit_plain_state as plain_state
    import mlpkit_wire as wire

# Most characters of an answer, and the socket to the judge: set before student code runs.
LIMIT = 0
LINE: Any = None
HEAD = struct.Struct("!QQ")
answering = False
# What the notebook's names stood for at a test, by the test's name.
kept: dict[str, dict[str, Any]] = {}


def serve() -> None:
    """Answer the judge's questions until it sends an empty one.

    Not a message of Jupyter's for each, which takes twenty times the processor.
    """
    # Not at each call, of which there are many: only a cell sees which numbers come next.
    with plain_state.kept_random():
        _serve_until_hung_up()


def _serve_until_hung_up() -> None:
    own = os.getpid()
    while True:
        number, size = HEAD.unpack(_read(HEAD.size))
        if not size:
            return
        text = _answer(_read(size).decode("ascii")).encode("ascii")
        if os.getpid() != own:
            os._exit(0)  # a fork that a student's function made: only one may answer
        LINE.sendall(HEAD.pack(number, len(text)) + text)


def _read(size: int) -> bytes:
    parts = []
    while size:
        part = LINE.recv(min(size, 1 << 20))
        if not part:
            raise EOFError("the judge hung up")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _answer(text: str) -> str:
    """Answer one question; nothing where that fails, or is interrupted by the judge."""
    global answering
    try:
        signal.signal(signal.SIGINT, _interrupt)
        answering = True
        what, *arguments = wire.loads(text, 2 * LIMIT, _resolve)
        known: dict[str, Callable[..., dict[str, Any]]] = {
            "describe": describe, "call": call, "keep": keep, "go_back": go_back,
        }  # fmt: skip
        return _text(known[what](*arguments))
    except BaseException:
        return ""
    finally:
        answering = False


def _interrupt(*_: object) -> None:
    # Never in the middle of reading or writing a message.
    if answering:
        raise KeyboardInterrupt


def _text(value: object) -> str:
    try:
        return wire.dumps(value, LIMIT)
    except wire.WireError as error:
        return wire.dumps({"unsendable": str(error)}, LIMIT)


def names() -> dict[str, Any]:
    """Give the kernel's namespace; ``get_ipython`` itself may have been replaced."""
    from IPython.core.interactiveshell import InteractiveShell

    space: dict[str, Any] = InteractiveShell.instance().user_ns
    return space


def describe(name: str) -> dict[str, Any]:
    """Say what a name stands for: a function, a module, plain data (with its value), or else."""
    space = names()
    if name not in space:
        return {"kind": "missing"}
    value = space[name]
    if isinstance(value, types.ModuleType):
        return {"kind": "module"}
    if callable(value) and not inspect.isclass(value):
        return {"kind": "function"}
    try:
        wire.dumps(value, LIMIT)
    except wire.WireError as error:
        return {"kind": "other", "why": str(error)}
    return {"kind": "data", "value": value}


def keep(name: str) -> dict[str, Any]:
    """Keep what each name stands for now."""
    kept[name] = dict(names())
    return {"done": True}


def go_back(name: str) -> dict[str, Any]:
    """Let each name stand for what it did when this was kept: functions find it too."""
    before, space = kept[name], names()
    space.clear()
    space.update(before)
    return {"done": True}


def call(name: str, positional: list[Any], keyword: dict[str, Any]) -> dict[str, Any]:
    """Call a function of the student's.

    Returns
    -------
    dict
        ``{"value": …}``, or ``{"error": {"type", "message", "line"}}`` with the number and the
        text of the student's own line that failed, or ``{"unsendable": why}``.
    """
    try:
        with plain_state.plain_state():
            value = names()[name](*positional, **keyword)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        about = {"type": type(error).__name__, "message": _words(error), "line": _line(error)}
        return {"error": about}
    return {"value": value}


def _resolve(how: str, *names_: str) -> Any:
    if how == "name":
        return names()[names_[0]]
    return getattr(importlib.import_module(names_[0]), names_[1])


def _line(error: BaseException) -> list[int | str] | None:
    """Find the last line that stands in the notebook: its number and its text, or None."""
    found: list[int | str] | None = None
    traceback, own = error.__traceback__, names()
    while traceback is not None:
        if traceback.tb_frame.f_globals is own:
            code, number = traceback.tb_frame.f_code, traceback.tb_lineno
            found = [number, linecache.getline(code.co_filename, number).strip()[:200]]
        traceback = traceback.tb_next
    return found


def _words(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""

"""In the student's kernel: look up names and call functions for the judge.

Runs in the student's process, so nothing it answers is trusted; the judge checks all of it.
Loaded by the zygote beside ``wire``, as ``mlpkit_bridge``.
"""

import base64
import importlib
import inspect
import linecache
import types

import mlpkit_wire as wire

# Most characters of an answer: the zygote sets what the submission's limits say.
LIMIT = None


class Reply:
    """Text that IPython's formatter hands out unchanged, as base64."""

    def __init__(self, value):
        try:
            text = wire.dumps(value, LIMIT)
        except wire.WireError as error:
            text = wire.dumps({"unsendable": str(error)}, LIMIT)
        self.text = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {wire.MIME: self.text}

    def __repr__(self):
        return "Reply()"


def names():
    """Give the kernel's namespace; ``get_ipython`` itself may have been replaced."""
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance().user_ns


def describe(name):
    """Say what a name stands for: a function, a module, plain data (with its value), or else."""
    space = names()
    if name not in space:
        return Reply({"kind": "missing"})
    value = space[name]
    if isinstance(value, types.ModuleType):
        return Reply({"kind": "module"})
    if callable(value) and not inspect.isclass(value):
        return Reply({"kind": "function"})
    try:
        wire.dumps(value, LIMIT)
    except wire.WireError as error:
        return Reply({"kind": "other", "why": str(error)})
    return Reply({"kind": "data", "value": value})


def call(name, arguments):
    """Call a function of the student's.

    Parameters
    ----------
    name : str
    arguments : str
        Base64 of the wire text of ``[list of positional, dict of keyword]``.

    Returns
    -------
    Reply
        ``{"value": …}``, or ``{"error": {"type", "message", "line"}}`` with the number and the
        text of the student's own line that failed, or ``{"unsendable": why}``.
    """
    text = base64.b64decode(arguments).decode("utf-8", "surrogatepass")
    positional, keyword = wire.loads(text, 2 * LIMIT, _resolve)
    try:
        value = names()[name](*positional, **keyword)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        about = {"type": type(error).__name__, "message": _words(error), "line": _line(error)}
        return Reply({"error": about})
    return Reply({"value": value})


def _resolve(how, *names_):
    if how == "name":
        return names()[names_[0]]
    return getattr(importlib.import_module(names_[0]), names_[1])


def _line(error):
    """Find the last line that stands in the notebook: its number and its text, or None."""
    found, traceback, own = None, error.__traceback__, names()
    while traceback is not None:
        if traceback.tb_frame.f_globals is own:
            code, number = traceback.tb_frame.f_code, traceback.tb_lineno
            found = [number, linecache.getline(code.co_filename, number).strip()[:200]]
        traceback = traceback.tb_next
    return found


def _words(error):
    try:
        return str(error)[:2000]
    except BaseException:
        return ""

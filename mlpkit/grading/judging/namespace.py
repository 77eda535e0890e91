"""The names that tests see: the instructor's own, and else the student's by proxy."""

import builtins
from collections.abc import Iterable
from typing import Any, NamedTuple

from mlpkit.grading.job import Limits
from mlpkit.grading.judging import proxy
from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.kernel import Kernel, TooSlow
from mlpkit.grading.text.plan import Plan


class State(NamedTuple):
    """What stood in a namespace at one time, and which of it an instructor's cell had made."""

    names: dict[str, Any]
    made: set[str]


class Namespace(dict[str, Any]):
    """A namespace for `exec`, in which the student's names stand for what the kernel has.

    Parameters
    ----------
    kernel : Kernel
        The student's side.
    plan : Plan
        Says which names are the student's.
    limits : Limits
    bench : Caller
        Calls the student's functions for a test.
    """

    def __init__(self, kernel: Kernel, plan: Plan, limits: Limits, bench: proxy.Caller) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._kernel, self._bench, self._largest = kernel, bench, limits.result
        self._answers, self._modules = plan.answers, plan.instructors_imports()
        # Made by an instructor's cell above; if that failed, the student's name is no substitute.
        self._made = set[str]()
        self._fetched: dict[str, tuple[str, Any]] = {}

    def state(self) -> State:
        """Give what stands here now."""
        return State(dict(self), set(self._made))

    def go_back(self, state: State) -> None:
        """Let stand here what stood here then."""
        self.clear()
        self.update(state.names)
        self._made = set(state.made)

    def look_again(self) -> None:
        """Ask the kernel anew: what its names stand for may have changed."""
        self._fetched = {}

    def make(self, names: Iterable[str]) -> None:
        """Note that an instructor's cell was to make these."""
        self._made.update(names)

    def give_back(self, names: Iterable[str]) -> None:
        """Let these be the student's again."""
        for name in names:
            self.pop(name, None)
            self._made.discard(name)
        self.look_again()

    def __missing__(self, name: str) -> Any:
        """Find a name that no instructor's cell has made: a KeyError makes it undefined."""
        if name.startswith("__") or name in self._made:
            raise KeyError(name)
        if name not in self._answers:
            if hasattr(builtins, name):
                # Kept: a test asks thousands of times, and an exception takes long.
                return self.setdefault(name, getattr(builtins, name))
            if name in self._modules:
                exec(self._modules[name], self)
                return self[name]
        if name not in self._fetched:
            self._fetched[name] = self._fetch(name)
        kind, value = self._fetched[name]
        # A copy for each use: a test that changes it changes nobody's but its own.
        return wire.loads(value, self._largest) if kind == "data" else value

    def _fetch(self, name: str) -> tuple[str, Any]:
        try:
            found = self._kernel.describe(name)
        except (wire.WireError, TooSlow) as error:
            told = f"{name} can't be read"
            raise self._bench.quiet(proxy.StudentError(f"{told}: {error}", told)) from None
        if found.get("kind") == "function":
            return "function", proxy.StudentFunction(name, self._bench)
        if found.get("kind") == "data" and "value" in found:
            return "data", wire.dumps(found["value"], self._largest)
        if found.get("kind") == "missing":
            raise KeyError(name)
        raise proxy.StudentError(f"{name} is neither a function nor plain data")

"""Take modules out of a process, so that an exercise has to be done by hand."""

import importlib.util
import sys
import types
from collections.abc import Iterable, Sequence
from typing import NoReturn


class _Refuse:
    """Stands first among the import finders and refuses the listed modules."""

    def __init__(self, modules: Iterable[str], words: str) -> None:
        self.modules, self.words = tuple(modules), words

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if _within(name, self.modules):
            raise ImportError(f"{name} {self.words}")


def paths(modules: Iterable[str]) -> list[str]:
    """Give the files or folders that hold the modules; those not installed are left out."""
    found: list[str | None] = []
    for module in modules:
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            continue
        if spec is None:
            continue
        found += list(spec.submodule_search_locations or []) or [spec.origin]
    return [path for path in found if path and path.startswith("/")]


def forbid(modules: Sequence[str], words: str) -> None:
    """Forget the modules, empty what is loaded of them, and refuse to import them again.

    NumPy loads its own ``numpy.linalg``: whoever kept a reference finds functions that refuse.

    Parameters
    ----------
    modules : list of str
    words : str
        What is said of a module that is asked for all the same.
    """
    for name in [n for n in sys.modules if _within(n, modules)]:
        module = sys.modules.pop(name)
        parent, _, child = name.rpartition(".")
        if child and parent in sys.modules:
            sys.modules[parent].__dict__.pop(child, None)
        _disarm(module, f"{name} {words}")
    sys.meta_path.insert(0, _Refuse(modules, words))


def _within(name: str, modules: Iterable[str]) -> bool:
    return any(name == module or name.startswith(module + ".") for module in modules)


def _disarm(module: types.ModuleType, words: str) -> None:
    """Make each Python function of a module refuse, and drop everything else it holds."""
    name = module.__name__
    for value in list(vars(module).values()):
        function = getattr(value, "_implementation", value)
        ours = isinstance(function, types.FunctionType) and function.__module__ == name
        if ours and not function.__closure__:
            function.__code__ = _refuse.__code__
            function.__defaults__, function.__kwdefaults__ = None, {"_words": words}
    vars(module).clear()


def _refuse(*arguments: object, _words: str, **named: object) -> NoReturn:
    raise ImportError(_words)

"""Take modules out of a process, so that an exercise has to be done by hand."""

import builtins
import importlib.util
import os
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from typing import Any, NoReturn

# Modules that the kernel works with itself: emptied under it, it would end.
KERNELS: frozenset[str] = frozenset()


def remember() -> None:
    """Take what is loaded now for the kernel's own, but for the parts of NumPy."""
    global KERNELS
    loaded = {name for name in sys.modules if not name.startswith("numpy.")}
    KERNELS = frozenset(loaded | {"numpy", "matplotlib_inline"})


class _Refuse(Loader):
    """Stands first among the import finders: gives nothing in the place of the listed modules."""

    def __init__(self, modules: Iterable[str], words: str) -> None:
        self.modules, self.words = tuple(modules), words

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if _within(name, self.modules) else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _in_place_of(spec.name, self.words)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def called() -> bool:
    """Whether the judge is calling a function, and no cell is run."""
    return bool(sys.modules["mlpkit_bridge"].answering)


class StandIn:
    """What a cell gets for what is taken away: so that one line doesn't take the rest with it.

    A notebook lets a cell use it too, and refuses it to functions that tests call. It can be named,
    asked for parts, called and reckoned with, which gives another; no number comes of it, and in a
    function that is called nothing at all.
    """

    _name: str
    _words: str

    def __init__(self, name: str, words: str) -> None:
        self.__dict__.update(_name=name, _words=words)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()  # a class of the student's may be derived from it

    def _refuse(self, *arguments: object, **named: object) -> NoReturn:
        raise ImportError(f"{self._name} {self._words}")

    def __getattr__(self, part: str) -> "StandIn":
        if called() or part.startswith("__"):
            self._refuse()
        return StandIn(f"{self._name}.{part}", self._words)

    def __call__(self, *arguments: object, **named: object) -> "StandIn":
        if called():
            self._refuse()
        return self

    def __repr__(self) -> str:
        return f"<{self._name} {self._words}>"

    __getitem__ = __enter__ = __add__ = __sub__ = __mul__ = __matmul__ = __truediv__ = __call__
    __radd__ = __rsub__ = __rmul__ = __rmatmul__ = __rtruediv__ = __neg__ = __pow__ = __call__
    __iter__ = __len__ = __bool__ = __float__ = __int__ = __index__ = __array__ = _refuse

    def __exit__(self, *error: object) -> None:
        pass


class _Module(types.ModuleType):
    """A module of which every part is a `StandIn`."""

    _words: str

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name)
        self.__dict__.update(_words=words, __path__=[])

    def __getattr__(self, part: str) -> StandIn:
        if part.startswith("__"):
            raise AttributeError(part)
        if called():
            raise ImportError(f"{self.__name__} {self._words}")
        return StandIn(f"{self.__name__}.{part}", self._words)


def _in_place_of(name: str, words: str) -> types.ModuleType:
    """Give a cell a module of stand-ins, and a function that is called nothing."""
    if called():
        raise ImportError(f"{name} {words}")
    return _Module(name, words)


def keep_names(shell: Any) -> None:
    """Let a name that a cell had keep its value where an import of what is taken away has it too.

    ``import jax.numpy as np`` would take NumPy from all cells, where JAX isn't installed from none.
    """
    before: dict[str, Any] = {}

    def note(*_: object) -> None:
        before.clear()
        before.update(shell.user_ns)

    def put_back(*_: object) -> None:
        for name, value in before.items():
            if _is_stand_in(shell.user_ns.get(name)) and not _is_stand_in(value):
                shell.user_ns[name] = value
        before.clear()

    shell.events.register("pre_run_cell", note)
    shell.events.register("post_run_cell", put_back)


def _is_stand_in(value: object) -> bool:
    return type(value) in (StandIn, _Module)


def paths(modules: Iterable[str]) -> list[str]:
    """Give the files or folders that hold the modules; those not installed are left out."""
    found: list[str | None] = []
    for module in set(modules) - KERNELS:
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

    NumPy loads its own ``numpy.linalg``: whoever kept a reference finds functions that refuse. What
    the kernel itself works with stays, and is refused to what the notebook imports.

    Parameters
    ----------
    modules : list of str
    words : str
        What is said of a module that is asked for all the same.
    """
    away = [name for name in modules if name not in KERNELS]
    for name in [n for n in sys.modules if _within(n, away)]:
        module = sys.modules.pop(name)
        parent, _, child = name.rpartition(".")
        if child and parent in sys.modules:
            sys.modules[parent].__dict__.pop(child, None)
        _disarm(module, f"{name} {words}")
    sys.meta_path.insert(0, _Refuse(away, words))
    if kernels := [name for name in modules if name in KERNELS]:
        _refuse_to_students(kernels, words)


def _refuse_to_students(modules: Sequence[str], words: str) -> None:
    real, home = builtins.__import__, os.getcwd() + "/"

    def refusing(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> types.ModuleType:
        file = "" if globals is None else str(globals.get("__file__", home))
        asked = (name, *(f"{name}.{part}" for part in fromlist or ()))
        theirs = not level and file.startswith(home)
        if not (theirs and any(_within(each, modules) for each in asked)):
            return real(name, globals, locals, fromlist, level)
        return _in_place_of(name if fromlist else name.partition(".")[0], words)

    builtins.__import__ = refusing


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

"""Hide packages from a function: what an exercise asks to be written can't be called instead.

This holds for honest work. Who wants to reach a hidden package from inside one process can;
a judge that runs answers in a sandbox of their own is what stops that.
"""

import contextlib
import functools
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NoReturn

# What an exercise asks to be written by hand can't be had from these.
BY_HAND = ("mlpkit", "torch", "tensorflow", "keras", "jax", "autograd", "sklearn", "scipy")

WORDS = "can't be used here: this exercise is written by hand"


class _Unavailable:
    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *arguments: object, **options: object) -> NoReturn:
        raise ImportError(f"{self._name} {WORDS}")

    __call__ = _refuse

    def __getattr__(self, attribute: str) -> NoReturn:
        self._refuse()


class _Refusing:
    """An importer that finds nothing in some packages, in words."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        self.packages = packages

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if _root(name) in self.packages:
            _Unavailable(name)._refuse()


def _origin(value: object) -> str | None:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return _root(name) if isinstance(name, str) else None


@contextlib.contextmanager
def without(packages: tuple[str, ...], namespace: dict[str, Any] | None) -> Iterator[None]:
    """Hide packages from a function while the block runs.

    Parameters
    ----------
    packages : tuple of str
        Top-level names. What was imported from them can't be used, and nothing imported anew.
    namespace : dict or None
        The function's globals; None for one that runs in another process, which is left to
        what runs it there.
    """
    if namespace is None:
        yield
        return
    names = _loaded(packages, len(sys.modules))
    modules = {name: sys.modules[name] for name in names if name in sys.modules}
    values = {name: value for name, value in namespace.items() if _origin(value) in packages}
    refusing = _Refusing(packages)
    for name in modules:
        del sys.modules[name]
    namespace.update({name: _Unavailable(name) for name in values})
    sys.meta_path.insert(0, refusing)
    try:
        yield
    finally:
        sys.meta_path.remove(refusing)
        sys.modules.update(modules)
        for name, value in values.items():
            if isinstance(namespace.get(name), _Unavailable):
                namespace[name] = value


@functools.lru_cache(maxsize=1)  # thousands of names, once PyTorch is loaded, and many calls
def _loaded(packages: tuple[str, ...], _number_of_modules: int) -> list[str]:
    names = [name for name in list(sys.modules) if name.startswith(packages)]
    return [name for name in names if _root(name) in packages]


def _root(name: str) -> str:
    return name.partition(".")[0]

"""The names in a cell's code: what it makes, what it reads, what it imports."""

import ast
import functools
import re
import threading
from collections.abc import Iterator

MAGIC = re.compile(r"^(\s*)(?:get_ipython\(\)|%|!).*$", re.MULTILINE)
# Cell magics below which there is Python, run among the notebook's names.
PYTHONS_MAGIC = re.compile(r"(\s*)%%(?:capture|prun|time|timeit)\b[^\n]*")
COMMAND = re.compile(r"^[^\S\n]*(?:[\w, ]+=[^\S\n]*)?(%%?[A-Za-z]\w*|![^\S\n]*\w*)", re.MULTILINE)
# Lines that IPython turns into Python, all of the cell being looked at again for each.
TURNED = re.compile(r"^[^\S\n]*[%!?]|=[^\S\n]*[%!]|\?[^\S\n]*$", re.MULTILINE)
MOST_LOOKED_AT = 500_000
SETTINGS = ("%matplotlib", "%config", "%precision", "%load_ext", "%autoreload", "%reload_ext")
EMPTY = re.compile(r"(?:[^\S\n]*\n)*")  # the lines at the top that IPython leaves out


# Python 3.11 counts the depth of a tree for all threads together: two at once raise SystemError.
_one_at_a_time = threading.Lock()


def parse(source: str) -> ast.Module:
    """Parse code, in one thread at a time."""
    with _one_at_a_time:
        return ast.parse(source)


def plain_python(source: str) -> str:
    """Turn a cell into Python: magics and shell commands become ``pass``; lines stay in place.

    Raises
    ------
    SyntaxError
        If there are too many of them in too long a cell.
    """
    try:
        parse(source)
        return source
    except SyntaxError:
        pass
    if of_another_language(source):
        return ""
    if source.lstrip().startswith("%%"):
        runs = PYTHONS_MAGIC.match(source)
        assert runs is not None
        return plain_python(f"{runs[1]}pass{source[runs.end() :]}")
    if len(TURNED.findall(source)) * len(source) > MOST_LOOKED_AT:
        raise SyntaxError("too many commands of IPython's")
    # Seldom needed, and IPython takes long to import.
    from IPython.core.inputtransformer2 import TransformerManager

    empty = EMPTY.match(source)
    transformed = TransformerManager().transform_cell(source)
    return (empty[0] if empty else "") + MAGIC.sub(r"\1pass", transformed)


def of_another_language(source: str) -> bool:
    """Whether a cell is none of Python's lines: below ``%%bash``, ``%%html`` and the like."""
    return source.lstrip().startswith("%%") and not PYTHONS_MAGIC.match(source)


def commands(source: str) -> list[str]:
    """List what a cell asks of IPython and not of Python: ``%run``, ``%%bash``, ``!ls``.

    Those are left out that only set how something is shown or loaded.
    """
    try:
        parse(source)
        return []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [found[1] for found in COMMAND.finditer(source) if found[1] not in SETTINGS]


def tree(source: str) -> ast.Module:
    """Parse a cell; what is no Python is an empty module."""
    try:
        return parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def bound(source: str) -> frozenset[str]:
    """Give the names that a cell makes at its top level, other than by importing."""
    names = set()
    for node in _top_level(tree(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


def loaded(source: str) -> frozenset[str]:
    """Give every name that a cell reads, at whatever depth."""
    nodes = (node for node in ast.walk(tree(source)) if isinstance(node, ast.Name))
    return frozenset(node.id for node in nodes if isinstance(node.ctx, ast.Load))


@functools.lru_cache(maxsize=1024)
def imports(source: str) -> dict[str, tuple[str, str]]:
    """Give what a cell of the instructor's imports at its top level, not to be changed.

    Returns
    -------
    dict of str to tuple of (str, str)
        Name → (module, the statement that binds the name).
    """
    found = {}
    for node in _top_level(tree(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                words = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                found[name] = (alias.name, words)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                words = f"from {node.module} import {alias.name} as {alias.asname or alias.name}"
                if alias.name != "*":
                    found[alias.asname or alias.name] = (node.module, words)
    return found


def _top_level(code: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree without entering functions, classes, lambdas or comprehensions."""
    inner: tuple[type[ast.AST], ...]
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    inner += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    waiting = list(ast.iter_child_nodes(code))
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, inner):
            waiting += ast.iter_child_nodes(node)

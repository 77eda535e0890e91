"""What a test looks at that isn't seen from outside the student's process, by the test's code."""

import ast
import re
from collections.abc import Collection, Iterator
from typing import TypeGuard

from mlpkit.grading.text.names import bound, commands, tree

INSIDE = "# tests: inside"
NAME = re.compile(r"name '(\w+)' is not defined")
# What is said where a test says nothing itself.
NOTHING_SAID = ("The result is not right.", "TypeError: ")
DEPENDS = " The test depends on "
OUTSIDE = (
    DEPENDS + "{}, which isn't shared between the notebook and a test outside of it; "
    "its author can let it run inside."
)
NO_DATA = ("plain data", "unreadable data", "can call ")
FILES = "files that the notebook writes"
# What a test looks at, by the names and attributes that it uses for that.
SIGNS = {
    "printed output": {
        "redirect_stdout", "redirect_stderr", "StringIO", "capture_output", "capsys", "stdout",
        "stderr",
    },
    "figures": {"gca", "gcf", "get_fignums", "get_axes", "get_lines", "get_figlabels"},
    "a function's source, signature or documentation": {
        "getsource", "getsourcelines", "signature", "getfullargspec", "getdoc", "__code__",
        "__doc__", "__defaults__", "__annotations__", "__wrapped__", "get_type_hints",
        "getclosurevars", "__name__", "__qualname__", "cache_info", "isgeneratorfunction",
        "iscoroutinefunction",
    },
    "examples in a docstring": {"doctest", "testmod", "run_docstring_examples", "DocTestFinder"},
    "the notebook's own names or cells": {
        "globals", "locals", "vars", "dir", "get_ipython", "In", "Out", "_ih", "_oh",
    },
    "what a function calls": {"patch", "Mock", "MagicMock", "monkeypatch", "settrace"},
    "random numbers after a seed that the test sets": {"seed", "set_state", "manual_seed"},
    "warnings": {"catch_warnings", "warns", "deprecated_call", "assertWarns", "assertWarnsRegex"},
    FILES: {"exists", "isfile", "isdir", "listdir", "getsize"},
    "what a function reads from the keyboard": {"input"},
}  # fmt: skip


def looked_at(code: str, answers: Collection[str], words: str = "") -> list[str]:
    """Say what a test's code looks at that only the student's own process has.

    Parameters
    ----------
    code : str
    answers : collection of str
        The names that students define.
    words : str
        What is said of its failure.

    Returns
    -------
    list of str
        In words, such as "printed output"; empty where nothing shows.
    """
    parsed = tree(code)
    used, asked = set(_used(parsed)), commands(code)
    if asked and "get_ipython" not in code:
        used.discard("get_ipython")  # it stands for the commands
    found = [what for what, names in SIGNS.items() if used & names]
    if words.startswith("FileNotFoundError") and FILES not in found:
        found.append(FILES)  # the assignment's own are there
    if any(said in words for said in NO_DATA):
        found.append("an object that is no plain data")
    if asked:
        found.append("IPython's " + " and ".join(sorted(set(asked))))
    if any(isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor) for node in _outer(parsed)):
        found.append("what it awaits")
    alone = any(_alone(node, answers) for node in _unguarded(parsed))
    if alone or _looks_again(parsed, answers):
        found.append("changes that a call makes")
    if (bound(code) | _deleted(parsed)) & set(answers):
        found.append("a name of the notebook's that it replaces or deletes")
    return found


def _used(parsed: ast.AST) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]


def _unguarded(parsed: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into what an exception is expected from."""
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.Try | ast.With):
            waiting += ast.iter_child_nodes(node)


def _outer(parsed: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into functions."""
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _alone(node: ast.AST, answers: Collection[str]) -> bool:
    """Whether a statement calls a student's function with arguments, and drops the result."""
    call = node.value if isinstance(node, ast.Expr) else None
    return _of_students(call, answers) and bool(call.args)


def _of_students(node: ast.AST | None, answers: Collection[str]) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in answers


def _looks_again(parsed: ast.AST, answers: Collection[str]) -> bool:
    """Whether nothing is to come back, and an argument is looked at: ``append(a, 3) is None``."""
    given, elsewhere = set[str](), set[str]()
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Compare) and _is_none(node.comparators[-1]):
            call = node.left
            if _of_students(call, answers):
                given |= {each.id for each in call.args if isinstance(each, ast.Name)}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            elsewhere.add(node.id)
        if not _of_students(node, answers):
            waiting += ast.iter_child_nodes(node)
    return bool(given & elsewhere)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _deleted(parsed: ast.AST) -> set[str]:
    names = (node for node in ast.walk(parsed) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Del)}


def hint(code: str, answers: Collection[str], words: str) -> str:
    """Say what a failed test may have missed because it runs outside.

    Parameters
    ----------
    code : str
        The test's, without what is hidden.
    answers : collection of str
        The names that students define.
    words : str
        What is said of the failure.

    Returns
    -------
    str
        A sentence, or "" where the words say enough.
    """
    lacking = NAME.search(words)
    own = lacking is not None and lacking[1] in bound(code)
    if not own and words not in NOTHING_SAID:
        return ""
    seen = looked_at(code, answers)
    if own and lacking is not None:
        seen = [f"a name that the test itself makes, {lacking[1]!r}"]
    return OUTSIDE.format(" and ".join(seen)) if seen else ""

"""Small changes to a student's own code: a line that is another, a line that tells what it has."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mlpkit.grading.insight.mutations import mutations

MARK = "a viva's look at"
LOOK = (
    f'raise RuntimeError("{MARK} " + repr({{_name: tuple(_value.shape) if hasattr(_value, "shape") '
    "else type(_value).__name__ for _name, _value in dict(locals()).items()}))"
)
SIMPLE = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)


@dataclass(frozen=True)
class Planted:
    """A student's answer with one line changed, or with a look at what a line made.

    Parameters
    ----------
    exercise, cell : str
        nbgrader's names of the test and of the changed cell.
    line : int
        From 0 on.
    source, changed : str
        The whole cell before and after.
    name : str
        What the line assigns, where it is looked at.
    function : str
        In whose body the line stands.
    arguments : tuple of str
        That function's.
    """

    exercise: str
    cell: str
    line: int
    source: str
    changed: str
    name: str = ""
    function: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def new(self) -> str:
        """The line that stands there instead."""
        return self.changed.splitlines()[self.line].strip()


def changed_lines(exercise: str, cell: str, source: str, given: str) -> list[Planted]:
    """List the answers with one of their lines changed, by program and in one place.

    Parameters
    ----------
    exercise, cell : str
    source, given : str
        The student's cell, and what stood there before; lines of it are left alone.
    """
    found, lines = [], source.splitlines()
    for line, function in _lines(source, given):
        indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
        for new in mutations(lines[line].strip()).values():
            if "\n" not in new and new != "pass":
                after = "\n".join([*lines[:line], indent + new, *lines[line + 1 :]])
                found.append(Planted(exercise, cell, line, source, after, "", function.name))
    return found


def looks(exercise: str, cell: str, source: str, given: str) -> list[Planted]:
    """List the answers in which a call ends behind an assignment and says what all names hold."""
    found, lines = [], source.splitlines()
    for line, function in _lines(source, given):
        assigned = re.match(r"(\s*)(\w+)\s*=[^=]", lines[line])
        arguments = tuple(each.arg for each in function.args.args)
        if assigned and assigned[2] not in arguments:
            after = "\n".join([*lines[: line + 1], assigned[1] + LOOK, *lines[line + 1 :]])
            about = (assigned[2], function.name, arguments)
            found.append(Planted(exercise, cell, line, source, after, *about))
    return found


def told(messages: Iterable[str]) -> dict[str, object]:
    """Read what a look has said, by name: a shape, or the name of a type; nothing if it didn't."""
    for message in messages:
        found = re.search(rf"{MARK} (\{{.*?\}})", message, re.DOTALL)
        if found:
            try:
                seen = ast.literal_eval(found[1])
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(seen, Mapping) and all(map(_is_said, seen.items())):
                return dict(seen)
    return {}


def _is_said(item: tuple[object, object]) -> bool:
    name, value = item
    shape = isinstance(value, tuple) and all(isinstance(size, int) for size in value)
    return isinstance(name, str) and (shape or isinstance(value, str))


def _lines(source: str, given: str) -> Iterator[tuple[int, ast.FunctionDef]]:
    """Yield the lines that are one simple statement of the student's own, with their function."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    theirs = {line.strip() for line in given.splitlines()}
    lines = source.splitlines()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in function.body:
                alone = isinstance(node, SIMPLE) and node.lineno == node.end_lineno
                if alone and ast.get_docstring(function) != _text(node):
                    line = lines[node.lineno - 1]
                    if line.strip() not in theirs and _is_one(line):
                        yield node.lineno - 1, function


def _is_one(line: str) -> bool:
    try:
        return len(ast.parse(line.strip()).body) == 1
    except SyntaxError:
        return False


def _text(node: ast.stmt) -> object:
    value = node.value if isinstance(node, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) else ""

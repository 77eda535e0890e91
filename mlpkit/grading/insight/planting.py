"""Small changes to a student's own code: a line that is another, a line that tells what it has."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlpkit.grading.insight.mutations import mutations

MARK = "a viva's look at"
LOOK = (
    f'raise RuntimeError("{MARK} " + repr({{_name: tuple(_value.shape) if hasattr(_value, "shape") '
    "else type(_value).__name__ for _name, _value in dict(locals()).items()}))"
)
# Of a cell, and of a line, that is asked about: nobody reads longer ones on a sheet.
LONGEST, WIDEST, MOST = 8000, 200, 40
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
    source : str
        The whole cell before.
    put : str
        The line that stands there instead, or behind it where the line itself stays.
    stays : bool
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
    put: str
    stays: bool = False
    name: str = ""
    function: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def changed(self) -> str:
        """The whole cell after; not kept, as there are many changes to one cell."""
        lines = self.source.split("\n")
        return "\n".join([*lines[: self.line + self.stays], self.put, *lines[self.line + 1 :]])

    @property
    def new(self) -> str:
        """The line that stands there instead."""
        return self.put.strip()


def changed_lines(exercise: str, cell: str, source: str, given: str) -> list[Planted]:
    """List the answers with one of their lines changed, by program and in one place.

    Parameters
    ----------
    exercise, cell : str
    source, given : str
        The student's cell, and what stood there before; lines of it are left alone.
    """
    found, lines = [], source.split("\n")
    for line, function in _lines(source, given):
        indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
        for new in _mutations(lines[line].strip()):
            if "\n" not in new and new != "pass":
                put = indent + new
                found.append(Planted(exercise, cell, line, source, put, function=function.name))
    return found


def _mutations(line: str) -> list[str]:
    try:
        return list(mutations(line).values())
    except RecursionError:  # many brackets within each other
        return []


def looks(exercise: str, cell: str, source: str, given: str) -> list[Planted]:
    """List the answers in which a call ends behind an assignment and says what all names hold."""
    found, lines = [], source.split("\n")
    for line, function in _lines(source, given):
        assigned = re.match(r"(\s*)(\w+)\s*=[^=]", lines[line])
        arguments = tuple(each.arg for each in function.args.args)
        if assigned and assigned[2] not in arguments:
            about = (assigned[2], function.name, arguments)
            found.append(Planted(exercise, cell, line, source, assigned[1] + LOOK, True, *about))
    return found


def told(messages: Iterable[str]) -> dict[str, object]:
    """Read what a look has said, by name: a shape, or the name of a type; nothing if it didn't."""
    for message in messages:
        found = re.search(rf"{MARK} (\{{.*?\}})", message, re.DOTALL)
        if found:
            try:
                seen = ast.literal_eval(found[1])
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(seen, Mapping) and all(map(_is_said, seen.items())):
                return dict(seen)
    return {}


def _is_said(item: tuple[object, object]) -> bool:
    name, value = item
    shape = isinstance(value, tuple) and all(isinstance(size, int) for size in value)
    return isinstance(name, str) and (shape or isinstance(value, str))


def _lines(source: str, given: str) -> list[tuple[int, ast.FunctionDef]]:
    """Give the lines that are one simple statement of the student's own, with their function.

    Of many lines those are given that lie evenly among all.
    """
    if len(source) > LONGEST:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    theirs, lines = {line.strip() for line in given.splitlines()}, source.split("\n")
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    found = [
        (node.lineno - 1, function)
        for function in functions
        for node in function.body
        if isinstance(node, SIMPLE)
        and node.lineno == node.end_lineno
        and not _is_docstring(node, function)
        and len(lines[node.lineno - 1]) <= WIDEST
        and lines[node.lineno - 1].strip() not in theirs
    ]
    step = max(1.0, len(found) / MOST)
    some = [found[int(step * number)] for number in range(min(MOST, len(found)))]
    return [(line, function) for line, function in some if _is_one(lines[line])]


def _is_docstring(node: ast.stmt, function: ast.FunctionDef) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return node is function.body[0] and isinstance(getattr(value, "value", None), str)


def _is_one(line: str) -> bool:
    try:
        return len(ast.parse(line.strip()).body) == 1
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False

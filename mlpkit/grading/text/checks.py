"""The texts of a test with which it may fail, and which of them are hidden."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlpkit.grading.text.names import tree

HIDDEN_MARKS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@dataclass(frozen=True)
class Check:
    """A text in a test's code, with which that test may fail.

    Parameters
    ----------
    parts : tuple of str
        One for a plain string; of an f-string what stands between its values.
    first, last : int
        The lines of the whole statement in which it stands.
    hidden : bool
    """

    parts: tuple[str, ...]
    first: int
    last: int
    hidden: bool

    def in_message(self, message: str) -> bool:
        """Whether a message holds the parts, in their order."""
        at = 0
        for part in self.parts:
            at = message.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True


def hidden_lines(source: str, marks: Sequence[str] = HIDDEN_MARKS) -> list[tuple[int, int]]:
    """List the (first, last) line numbers, from 1, of the hidden parts between two marks."""
    begin, end = marks
    ranges: list[tuple[int, int]] = []
    first = None
    for number, line in enumerate(source.splitlines(), 1):
        if begin in line:
            first = number
        elif end in line and first is not None:
            ranges.append((first, number))
            first = None
    return ranges if first is None else [*ranges, (first, 10**9)]


def checks(source: str, hidden: list[tuple[int, int]]) -> list[Check]:
    """List the texts of a test's code as :class:`Check`, the longest first."""
    found: set[Check] = set()
    for statement in _statements(tree(source).body):
        for line, parts in _texts(statement):
            if sum(map(len, parts)) > 2:
                inside = any(first <= line <= last for first, last in hidden)
                last_line = statement.end_lineno or statement.lineno
                found.add(Check(parts, statement.lineno, last_line, inside))
    return sorted(found, key=lambda check: (-sum(map(len, check.parts)), check.first))


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements; of a test that is a function, those in it."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and statement.decorator_list:
            yield from _statements(statement.body)
        else:
            yield statement


def _texts(code: ast.AST) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (line, parts) of each string and f-string in a tree."""
    waiting = [code]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            yield node.lineno, tuple(str(part).strip() for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, (node.value.strip(),)
        else:
            waiting += ast.iter_child_nodes(node)

"""Code without what is its writer's own: comments, docstrings, the choice of names."""

import ast

from mlpkit.grading.text.names import plain_python

# Code that is longer is nobody's answer, and what it is made of isn't looked at.
LONGEST = 5000
NO_CODE = (SyntaxError, ValueError, RecursionError, MemoryError)
NOT_SHOWN = "# too long, or no code: not shown, as its comments may name its writer"


def without_comments(source: str) -> str:
    """Take comments, texts that stand alone and IPython's commands out of code.

    Returns
    -------
    str
        `NOT_SHOWN` where that can't be done.
    """
    try:
        return _without_comments(source) if len(source) <= LONGEST else NOT_SHOWN
    except NO_CODE:
        return NOT_SHOWN


def _without_comments(source: str) -> str:
    tree = ast.parse(plain_python(source))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):  # a lambda's isn't
            node.body = [each for each in body if not _is_text(each)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(ast.fix_missing_locations(tree))


def normal(code: str) -> str:
    """Give code in a form in which names, comments, spaces and texts of messages are the same.

    Code that can't be read, or is longer than `LONGEST`, is taken by its words.
    """
    if len(code) <= LONGEST:
        try:
            return ast.dump(_Names().visit(ast.parse(code)))
        except NO_CODE:
            pass
    return " ".join(code.split())


class _Names(ast.NodeTransformer):
    """Numbers the names that code binds, in their order, and drops texts that stand alone."""

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}

    def _number(self, name: str) -> str:
        return self.numbers.setdefault(name, f"n{len(self.numbers)}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [each for each in node.body if not _is_text(each)] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._number(node.arg)
        node.annotation = None
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Store) or node.id in self.numbers:
            node.id = self._number(node.id)
        return node


def _is_text(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )

"""Every first-order mutation of a solution: one small change each, made by program.

Nobody chose them, so they measure an exercise's tests by something that their author didn't think
of. The operators are those of DeMillo, Lipton and Sayward (1978) and Offutt et al. (1996), and
the slips that NumPy invites: another axis, no keepdims, a transpose left out.
"""

import ast
import copy
import difflib
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

# A node of the syntax tree; what it has depends on its kind.
Node = Any

BINARY: dict[type, list[type]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div, ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
COMPARISONS: dict[type, list[type]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
NAMES = (
    ("min", "max"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("any", "all"),
    ("sum", "mean"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("sin", "cos"),
    ("append", "extend"),
    ("var", "std"),
)
# The order of their arguments changes nothing.
SYMMETRIC = {"min", "max", "minimum", "maximum", "isclose", "logaddexp", "swapaxes"}
# The order of their operands matters.
ORDERED = (ast.Sub, ast.Div, ast.Pow, ast.MatMult)
OTHER_NAME = {a: b for pair in NAMES for a, b in (pair, pair[::-1])}


def mutations(source: str) -> dict[str, str]:
    """Make every first-order mutation of a piece of code.

    Returns
    -------
    dict of str to str
        What was changed, as "old line ⇒ new line" → the whole changed source.
    """
    tree = ast.parse(source)
    before, found = ast.unparse(tree), dict[str, str]()
    for node in list(ast.walk(tree)):
        for other in changes(node):
            _replace(tree, node, other)
            after = ast.unparse(ast.fix_missing_locations(tree))
            _replace(tree, other, node)
            if after != before and after not in found.values():
                found[_title(before, after, found)] = after
    return found


class _Swap(ast.NodeTransformer):
    def __init__(self, old: Node, new: Node) -> None:
        self.old, self.new = old, new

    def visit(self, node: Node) -> Node:
        return self.new if node is self.old else self.generic_visit(node)


def _replace(tree: ast.AST, old: Node, new: Node) -> None:
    _Swap(old, new).visit(tree)


def _title(before: str, after: str, taken: Mapping[str, str]) -> str:
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    lines = [line for line in compared if line[0] in "+-"]
    old = " / ".join(line[2:].strip() for line in lines if line[0] == "-")
    new = " / ".join(line[2:].strip() for line in lines if line[0] == "+")
    title, number = f"{old} ⇒ {new}", 1
    while title in taken:
        number += 1
        title = f"{old} ⇒ {new} ({number})"
    return title


def _with(node: Node, **fields: Any) -> Node:
    """Copy a node with other fields; its children are the same objects."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


@singledispatch
def changes(node: Node) -> list[Node]:
    """List the nodes that may stand in the place of this one."""
    return []


@changes.register
def _(node: ast.BinOp) -> list[Node]:
    return [
        *(_with(node, op=other()) for other in BINARY.get(type(node.op), ())),
        *([_with(node, left=node.right, right=node.left)] if isinstance(node.op, ORDERED) else []),
        copy.copy(node.left),
        copy.copy(node.right),
    ]


@changes.register
def _(node: ast.AugAssign) -> list[Node]:
    plain = ast.Assign(targets=[node.target], value=node.value)
    return [*(_with(node, op=other()) for other in BINARY.get(type(node.op), ())), plain]


@changes.register
def _(node: ast.Compare) -> list[Node]:
    return [
        _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
        for at, operator in enumerate(node.ops)
        for other in COMPARISONS[type(operator)]
    ]


@changes.register
def _(node: ast.BoolOp) -> list[Node]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return [_with(node, op=other), *(copy.copy(value) for value in node.values)]


@changes.register
def _(node: ast.UnaryOp) -> list[Node]:
    return [copy.copy(node.operand)]


@changes.register
def _(node: ast.Constant) -> list[Node]:
    value = node.value
    if isinstance(value, bool):
        return [ast.Constant(not value)]
    if isinstance(value, int | float):
        others = [value + 1, value - 1, *([-value] if value else [])]
        return [ast.Constant(other) for other in others]
    return []


@changes.register
def _(node: ast.Attribute) -> list[Node]:
    found = [_with(node, attr=OTHER_NAME[node.attr])] if node.attr in OTHER_NAME else []
    return [*found, copy.copy(node.value)] if node.attr == "T" else found


@changes.register
def _(node: ast.Name) -> list[Node]:
    return [_with(node, id=OTHER_NAME[node.id])] if node.id in OTHER_NAME else []


@changes.register
def _(node: ast.Call) -> list[Node]:
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    found = [_with(node, args=swapped) for swapped in _swapped(node.args) if name not in SYMMETRIC]
    if len(node.args) + len(node.keywords) > 1:
        found += [_with(node, args=rest) for rest in _without_one(node.args)]
    found += [_with(node, keywords=rest) for rest in _without_one(node.keywords)]
    return [*found, copy.copy(node.args[0])] if len(node.args) == 1 else found


def _swapped(items: list[Node]) -> Iterator[list[Node]]:
    for at in range(len(items) - 1):
        yield [*items[:at], items[at + 1], items[at], *items[at + 2 :]]


def _without_one(items: list[Node]) -> Iterator[list[Node]]:
    for at in range(len(items)):
        yield items[:at] + items[at + 1 :]


@changes.register
def _(node: ast.Tuple) -> list[Node]:
    if not isinstance(node.ctx, ast.Load):
        return []
    return [_with(node, elts=swapped) for swapped in _swapped(node.elts)]


@changes.register
def _(node: ast.Slice) -> list[Node]:
    found = []
    for end in ("lower", "upper"):
        value = getattr(node, end)
        if value is not None:
            found += [_with(node, **{end: _shifted(value, by)}) for by in (1, -1)]
            found.append(_with(node, **{end: None}))
    if node.step is not None:
        found.append(_with(node, step=None))
    return found


def _shifted(value: Node, by: int) -> Node:
    return ast.BinOp(value, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


@changes.register
def _(node: ast.Subscript) -> list[Node]:
    index = node.slice
    if isinstance(index, ast.Name | ast.BinOp) and isinstance(node.ctx, ast.Load):
        return [_with(node, slice=_shifted(index, by)) for by in (1, -1)]
    return []


@changes.register
def _(node: ast.IfExp) -> list[Node]:
    return [copy.copy(node.body), copy.copy(node.orelse)]


@changes.register
def _(node: ast.If) -> list[Node]:
    return [_with(node, test=ast.Constant(value)) for value in (True, False)]


@changes.register
def _(node: ast.comprehension) -> list[Node]:
    return [_with(node, ifs=rest) for rest in _without_one(node.ifs)]


@changes.register(ast.Expr)
@changes.register(ast.Assign)
def _(node: Node) -> list[Node]:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return [] if is_docstring else [ast.Pass()]


@changes.register(ast.Break)
@changes.register(ast.Continue)
def _(node: Node) -> list[Node]:
    return [ast.Continue() if isinstance(node, ast.Break) else ast.Break(), ast.Pass()]


@changes.register
def _(node: ast.FunctionDef) -> list[Node]:
    """Use a default in place of what the caller gave."""
    arguments = node.args.args[len(node.args.args) - len(node.args.defaults) :]
    return [
        _with(node, body=[ast.Assign([ast.Name(each.arg, ast.Store())], default), *node.body])
        for each, default in zip(arguments, node.args.defaults, strict=True)
    ]

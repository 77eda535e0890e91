"""Read the instructor's notebook: what each cell is for, and which names are whose."""

import ast
import copy
import functools
import json
import re
from dataclasses import dataclass, field

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
BY_HAND = re.compile(r"^\s*#+\s*by[ _-]hand\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
MAGIC = re.compile(r"^(\s*)(?:get_ipython\(\)|%|!).*$", re.MULTILINE)


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

    parts: tuple
    first: int
    last: int
    hidden: bool

    def in_message(self, message):
        """Whether a message holds the parts, in their order."""
        at = 0
        for part in self.parts:
            at = message.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True


@dataclass
class SourceCell:
    """One cell of the instructor's notebook.

    Parameters
    ----------
    kind : {"test", "manual", "solution", "locked", "plain"}
        Tests are locked and graded by running; manual ones are graded by a person; solutions are
        written by students; locked ones are the instructor's and run on both sides; plain ones
        have no nbgrader metadata.
    cell_type : {"code", "markdown", "raw"}
    full, released : str
        The source with solutions and hidden tests, and as students get it.
    grade_id : str or None
    points : float
    """

    index: int
    kind: str
    cell_type: str
    full: str
    released: str
    grade_id: str | None
    points: float
    metadata: dict
    cell_id: str | None
    binds: frozenset = frozenset()
    loads: frozenset = frozenset()
    hidden: list = field(default_factory=list)
    checks: list = field(default_factory=list)

    @property
    def graded(self):
        """Whether it has a row in the gradebook."""
        return self.kind in ("test", "manual")


@dataclass
class Source:
    """The instructor's notebook, read.

    Parameters
    ----------
    cells : list of SourceCell
    metadata : dict
        The notebook's own.
    by_hand : list of str
        Modules that can't be imported in the sandbox.
    """

    cells: list
    metadata: dict
    by_hand: list

    @property
    def named(self):
        """The cells that nbgrader knows, by grade_id."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}

    def modules(self, tests=False):
        """List the modules that students' cells import, or with ``tests`` all cells."""
        found = []
        for cell in self.cells:
            if cell.cell_type == "code" and (tests or cell.kind != "test"):
                source = cell.full if tests else cell.released
                found += [module for module, _ in imports(source).values()]
        return sorted(set(found))


@functools.lru_cache(maxsize=16)
def read(content):
    """Read the instructor's notebook; the same bytes are read once, so treat it as constant.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Source

    Raises
    ------
    ValueError
        If it is no notebook, or two cells have one name.
    """
    try:
        notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
    except Exception as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    released = release(notebook)
    pairs = zip(notebook.cells, released.cells, strict=True)
    cells = [_source_cell(index, *pair) for index, pair in enumerate(pairs)]
    names = [cell.grade_id for cell in cells if cell.grade_id]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the instructor's notebook has two cells named {name!r}")
    metadata = json.loads(json.dumps(notebook.metadata))
    listed = list(metadata.get("mlpkit", {}).get("by_hand", []))
    for cell in cells:
        if cell.kind in ("locked", "test") and cell.cell_type == "code":
            for line in BY_HAND.findall(cell.full):
                listed += re.split(r"[\s,]+", line.strip())
    return Source(cells, metadata, sorted(set(filter(None, listed))))


def data_files(folder):
    """Read the assignment's own files: everything beside its notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        The assignment's folder in ``solutions/``.

    Returns
    -------
    dict of str to bytes
        Path below the folder → content.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "__pycache__")) for part in parts)
        if path.is_file() and path.suffix != ".ipynb" and not hidden:
            found["/".join(parts)] = path.read_bytes()
    return found


def release(notebook):
    """Give the notebook as students get it, by nbgrader's own preprocessors."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

    released = copy.deepcopy(notebook)
    for step in (ClearSolutions(), ClearHiddenTests(), ClearMarkScheme()):
        released, _ = step.preprocess(released, {})
    return released


def _source_cell(index, cell, released):
    about = dict(cell.metadata.get("nbgrader", {}))
    grade, solution = about.get("grade", False), about.get("solution", False)
    if (grade and (solution or cell.cell_type != "code")) or about.get("task"):
        kind = "manual"
    elif grade:
        kind = "test"
    elif solution:
        kind = "solution"
    else:
        kind = "locked" if about.get("locked") else "plain"
    code = cell.cell_type == "code"
    both = bound(cell.source) | bound(released.source) if code else frozenset()
    hidden = hidden_lines(cell.source)
    return SourceCell(
        index=index,
        kind=kind,
        cell_type=cell.cell_type,
        full=cell.source,
        released=released.source,
        grade_id=about.get("grade_id") if kind != "plain" else None,
        points=float(about.get("points") or 0.0) if kind in ("test", "manual") else 0.0,
        metadata=about,
        cell_id=cell.get("id"),
        binds=both,
        loads=loaded(cell.source) if code else frozenset(),
        hidden=hidden,
        checks=checks(cell.source, hidden) if kind == "test" else [],
    )


def hidden_lines(source):
    """List the (first, last) line numbers, from 1, of the hidden parts."""
    ranges, first = [], None
    for number, line in enumerate(source.splitlines(), 1):
        if BEGIN_HIDDEN in line:
            first = number
        elif END_HIDDEN in line and first is not None:
            ranges.append((first, number))
            first = None
    return ranges if first is None else [*ranges, (first, 10**9)]


def checks(source, hidden):
    """List the texts of a test's code as :class:`Check`, the longest first."""
    found = set()
    for statement in _statements(_tree(source).body):
        for line, parts in _texts(statement):
            if sum(map(len, parts)) > 2:
                inside = any(first <= line <= last for first, last in hidden)
                found.add(Check(parts, statement.lineno, statement.end_lineno, inside))
    return sorted(found, key=lambda check: (-sum(map(len, check.parts)), check.first))


def _statements(body):
    """Yield statements; of a test that is a function, those in it."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and statement.decorator_list:
            yield from _statements(statement.body)
        else:
            yield statement


def _texts(tree):
    """Yield (line, parts) of each string and f-string in a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            yield node.lineno, tuple(part.strip() for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, (node.value.strip(),)
        else:
            waiting += ast.iter_child_nodes(node)


def plain_python(source):
    """Turn a cell into Python: magics and shell commands become ``pass``, lines keep their place.

    Returns
    -------
    str
    """
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        pass
    if source.lstrip().startswith("%%"):
        return ""
    transformed = TransformerManager().transform_cell(source)
    return MAGIC.sub(r"\1pass", transformed)


def _tree(source):
    try:
        return ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def bound(source):
    """Give the names that a cell makes at its top level, other than by importing."""
    names = set()
    for node in _top_level(_tree(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


def loaded(source):
    """Give every name that a cell reads, at whatever depth."""
    nodes = (node for node in ast.walk(_tree(source)) if isinstance(node, ast.Name))
    return frozenset(node.id for node in nodes if isinstance(node.ctx, ast.Load))


def imports(source):
    """Give what a cell imports at its top level.

    Returns
    -------
    dict of str to tuple of (str, str)
        Name → (module, the statement that binds the name).
    """
    found = {}
    for node in _top_level(_tree(source)):
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


def _top_level(tree):
    """Walk a tree without entering functions, classes, lambdas or comprehensions."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    inner += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, inner):
            waiting += ast.iter_child_nodes(node)

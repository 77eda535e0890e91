"""Notebooks: links between lectures, the map, and points in an assignment's text and tests.

Outputs, ids and all else stay as they are: a notebook is its tree, written as nbformat writes it.
"""

import json
import re

from tools.course.facts import HEADING, graded, text_of
from tools.course.tables import link, map_of_lectures
from tools.course.words import duration, points

START = "00_start_here.ipynb"
NEIGHBOURS = re.compile(rf"^\[Start\]\({START}\).*$", re.MULTILINE)
NEXT = re.compile(r"^Next: \[.*$", re.MULTILINE)
MAP = re.compile(r"^\| lecture \| what it answers \|.*\n(?:\|.*\n)+", re.MULTILINE)
TABLE = re.compile(r"^\| exercise \| points \|\n\|---\|---\|(?:\n\|.*)*", re.MULTILINE)
GRADED = re.compile(r"^@graded\(.*\)$", re.MULTILINE)
TIME = re.compile(
    r"(?<=about )(?:\w+(?: and a half)? hours|an hour(?: and a half)?|half an hour)(?=[ ,.])"
)
NAMES = re.compile(r'"(\w+)"')
WIDTH = 100


def changes(course):
    """List what is written into notebooks as (file, what it is, a change of the file's text)."""
    found = []
    for before, each, after in zip(
        [None, *course.lectures], course.lectures, [*course.lectures[1:], None], strict=False
    ):
        file = f"lectures/{each.file}.ipynb"
        if before is None:
            found.append((file, "the map", lambda t: _in_one(t, MAP, _map(course))))
            words = f"Next: {link(after)}"
            found.append((file, "the link to lecture 1", lambda t, w=words: _in_one(t, NEXT, w)))
        else:
            line = _neighbours(before, after)
            found.append((file, "the links to its neighbours",
                          lambda t, w=line: _in_one(t, NEIGHBOURS, w)))  # fmt: skip
    for each in course.assignments:
        file = f"solutions/{each.name}/{each.name}.ipynb"
        found += [
            (file, "headings, points and time", lambda t, e=each: _edit(t, _said(e))),
            (file, "the list of exercises in the last cell", lambda t, e=each: _edit(t, _ready(e))),
        ]
    return found


def _map(course):
    return "\n".join(map_of_lectures(course)) + "\n"


def _neighbours(before, after):
    links = [f"[Start]({START})"]
    links += [f"previous: {link(before)}"] if before.number else []
    links += [f"next: {link(after)}"] if after else []
    return " · ".join(links)


def _in_one(text, pattern, words):
    """Replace what a pattern finds, once, in the Markdown of a notebook."""
    count = 0

    def change(cell, source):
        nonlocal count
        if cell["cell_type"] != "markdown":
            return source
        source, found = pattern.subn(lambda _: words, source)
        count += found
        return source

    text = _edit(text, change)
    if count != 1:
        raise LookupError(f"expected one place like {pattern.pattern!r}, found {count}")
    return text


def _edit(text, change):
    """Change the sources of a notebook's cells, one after another."""
    notebook = json.loads(text)
    changed = False
    for cell in notebook["cells"]:
        source = text_of(cell)
        new = change(cell, source)
        if new != source:
            cell["source"] = new.splitlines(keepends=True)
            changed = True
    if not changed:
        return text
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _said(assignment):
    """Make the change that writes headings, `@graded`, the table and the time of an assignment."""
    headings = iter(assignment.exercises)
    tests = {f"{each.name}_test": each for each in assignment.exercises}

    def change(cell, source):
        if cell["cell_type"] == "markdown":
            if source.startswith("# Assignment "):
                return _first(source, assignment)
            return HEADING.sub(lambda _: _heading(next(headings)), source)
        if exercise := tests.get(graded(cell).get("grade_id")):
            title = json.dumps(f"{exercise.number}. {exercise.title}", ensure_ascii=False)
            return GRADED.sub(lambda _: f"@graded({exercise.points:g}, {title})", source)
        return source

    return change


def _heading(exercise):
    by_person = ", marked by a person" if exercise.by_person else ""
    return f"## {exercise.number}. {exercise.title} ({points(exercise.points)}{by_person})"


def _first(source, assignment):
    rows = ["| exercise | points |", "|---|---|"]
    for each in assignment.exercises:
        by_person = " (marked by a person)" if each.by_person else ""
        rows.append(f"| {each.number}. {each.title}{by_person} | {each.points:g} |")
    if len(TABLE.findall(source)) != 1:
        raise LookupError("the first cell needs one table '| exercise | points |'")
    source = TABLE.sub(lambda _: "\n".join(rows), source)
    if assignment.exercises:
        if len(TIME.findall(source)) != 1:
            raise LookupError("the first cell must say once how long it takes: 'about two hours'")
        source = TIME.sub(duration(assignment.half_hours), source)
    return source


def _ready(assignment):
    """Make the change that lets the last cell look for each exercise."""
    names = [each.name for each in assignment.exercises]

    def change(cell, source):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != "ready":
            return source
        return source if _names_in(source) == names else _ready_cell(assignment.name, names)

    return change


def _names_in(source):
    return [name for name in NAMES.findall(source) if not name.endswith(".ipynb")]


def _ready_cell(assignment, names):
    whole = f'ready_to_hand_in("{assignment}.ipynb", {json.dumps(names)})'
    if len(whole) < WIDTH:
        return whole
    lines, rest = [], list(names)
    while rest:
        start = "exercises += " if lines else "exercises = "
        taken = 1
        while taken < len(rest) and len(start + json.dumps(rest[: taken + 1])) < WIDTH:
            taken += 1
        lines.append(start + json.dumps(rest[:taken]))
        rest = rest[taken:]
    return "\n".join([*lines, f'ready_to_hand_in("{assignment}.ipynb", exercises)'])

"""The index of equations: where each is derived, coded, tested, and asked for in an assignment.

All of it is read from the course: the lectures' tags, the words of the package's functions, the
first assertion below an equation, and the table of the instructor's guide.
"""

import ast
import io
import re
import tokenize

from tools.book.equations import LAST, TAG
from tools.book.lectures import ROOT, link, read, section_at, texts

CODE = re.compile(r"(?<![\w)\]])\((\d{1,2})\)")
RANGE = re.compile(r"\((\d{1,2})\)[–-]\((\d{1,2})\)")
ASSERTS = re.compile(r"^ *assert |^check\(", re.MULTILINE)
# They draw, move, judge or set tasks: no equation is coded there.
ELSEWHERE = ("plots", "explorers", "exercises", "grading")


def mentioned(text):
    """Give the numbers of equations that a text mentions, those inside a range too."""
    numbers = {int(number) for number in CODE.findall(text)}
    for first, last in RANGE.findall(text):
        numbers |= set(range(int(first), int(last) + 1))
    return {number for number in numbers if 1 <= number <= LAST}


def derived():
    """Map each equation's number to (its TeX, the text with its tag, the place of the tag)."""
    return {
        int(found[1]): (found[0].strip("$").strip(), text, found.start())
        for text in texts()
        for found in TAG.finditer(text.source)
    }


def coded():
    """Map each number to the package's functions and classes that speak of it."""
    found = {number: [] for number in range(1, LAST + 1)}
    for path in sorted((ROOT / "mlpkit").rglob("*.py")):
        module = path.relative_to(ROOT).with_suffix("")
        if module.parts[1] in ELSEWHERE:
            continue
        for name, numbers in speaking(path.read_text(encoding="utf-8")).items():
            for number in numbers:
                found[number].append(".".join([*module.parts, *filter(None, [name])]))
    return found


def speaking(source):
    """Map the name of each public function and class to the equations in its words.

    Its words are its docstring and the comments inside it, but for those of what it contains. What
    a module as a whole says counts if nothing in it says the same.
    """
    tree, comments = ast.parse(source), _comments(source)
    found = {}
    _speak(tree, "", comments, found)
    inside = set().union(*(numbers for name, numbers in found.items() if name))
    found[""] = found.get("", set()) - inside
    return {name: numbers for name, numbers in found.items() if numbers}


def _speak(node, name, comments, found):
    words = [ast.get_docstring(node) or ""]
    children = [c for c in ast.walk(node) if c in getattr(node, "body", [])]
    named = [c for c in children if isinstance(c, (ast.FunctionDef, ast.ClassDef))]
    inner = {line for c in named for line in range(c.lineno, c.end_lineno + 1)}
    if name:
        own = set(range(node.lineno, node.end_lineno + 1)) - inner
        words += [text for line, text in comments.items() if line in own]
    found[name] = mentioned("\n".join(words))
    for child in named:
        if not child.name.startswith("_"):
            _speak(child, f"{name}.{child.name}".strip("."), comments, found)


def _comments(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string for t in tokens if t.type == tokenize.COMMENT}


def tested(text, number):
    """Name what would fail if an equation were wrong: a section of its lecture, and tests."""
    places = [link(section, text.page) for section in [_asserting(text)] if section]
    for path in sorted((ROOT / "tests" / "mlpkit").glob("test_*.py")):
        words = path.read_text(encoding="utf-8")
        spoken = [ast.get_docstring(node) or "" for node in _documented(words)]
        if number in mentioned("\n".join(spoken)):
            places.append(f"`{path.relative_to(ROOT)}`")
    return places


def _documented(source):
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def _asserting(text):
    """Give the section of the first cell below a text that asserts something."""
    section = section_at(text, len(text.source))
    for cell in read(ROOT / text.page).cells[text.cell + 1 :]:
        if cell.cell_type == "code" and ASSERTS.search(cell.source):
            return section
        if cell.cell_type == "markdown" and (found := re.findall(r"^#+ (.+)$", cell.source, re.M)):
            section = found[-1]
    return None


def graded():
    """Map each number to (what the guide calls it, the exercises that ask for it)."""
    guide = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8")
    found = {}
    for line in guide.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.match(r"\(\d+\)", cells[0]) and "ps" in cells[1]:
            name = re.sub(r"^(\(\d+\),? *)+", "", cells[0])
            for number in mentioned(cells[0]):
                found[number] = (name, cells[1].split(", "))
    return found


def page():
    """Write the page as Markdown."""
    parts = [
        "# Index of equations",
        "The fifteen equations keep the numbers of the source. Wherever the course mentions one, "
        "its number leads to the place where it is derived.",
    ]
    code, exercises = coded(), graded()
    for number, (tex, text, place) in sorted(derived().items()):
        name, asked = exercises[number]
        bare = re.sub(r"\\tag\{\d+\}", "", tex).strip()
        parts += [
            f"## Equation {number}: {name}",
            f"$$\n{bare}\n$$",
            f"- **Derived** in [{section_at(text, place)}](#equation-{number}).\n"
            f"- **Coded** {_coded(code[number])}.\n"
            f"- **Tested** in {', '.join(tested(text, number))}.\n"
            f"- **Asked** in {', '.join(map(_exercise, asked))}.",
        ]
    return "\n\n".join(parts) + "\n"


def _coded(names):
    listed = ", ".join(f"`{name}`" for name in names)
    return f"in {listed}" if names else "nowhere: it says what exists, and not how to find it"


def _exercise(name):
    """Write a link to an exercise like "ps2.4"; an assignment numbers its headings."""
    assignment, _, number = name.partition(".")
    page = f"assignments/{assignment}/{assignment}.ipynb"
    headings = "\n".join(cell.source for cell in read(ROOT / page).cells)
    heading = re.search(rf"^## ({number}\. .+)$", headings, re.MULTILINE)[1]
    return link(heading, page).replace(f"[{heading}]", f"[{name}]", 1)

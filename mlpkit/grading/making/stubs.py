"""Write the stubs of something new into a draft, and list it where the course lists its parts."""

import re
from typing import Any

from mlpkit.grading.making import names
from mlpkit.grading.making.staging import Draft
from mlpkit.grading.making.templates import cells, fill, notebook

GUIDE = "solutions/README.md"
LAST_PARAGRAPH = "**Next year's variant.**"
ITEM = re.compile(r"^\d+\. \*\*", re.MULTILINE)


def assignment(draft: Draft, name: str, title: str, lectures: list[int]) -> None:
    """Write an assignment without exercises."""
    number = name.removeprefix("ps")
    linked = ", ".join(f"[lecture {n}](../../lectures/{_file(draft, n)}.ipynb)" for n in lectures)
    made = cells("assignment", name=name, number=number, title=title, lectures=linked)
    draft.write_notebook(_source(name), notebook(made, by_hand=True))
    draft.write(_cases(name), fill("cases", name=name))
    draft.write(
        GUIDE, draft.read(GUIDE).rstrip("\n") + "\n" + fill("guide", name=name, title=title)
    )
    needs = ", ".join(map(str, lectures))
    _list(draft, "assignment", fill("toml_assignment", name=name, lectures=needs))
    _finish_assignment(draft, name)


def exercise(
    draft: Draft, assignment: str, name: str, title: str, points: float, written: bool
) -> None:
    """Write an exercise behind those that are there."""
    tree = draft.read_notebook(_source(assignment))
    names.check_exercise(tree["cells"], name)
    values = {"name": name, "title": title, "points": f"{points:g}", "worth": _worth(points)}
    made = cells("written_exercise" if written else "exercise", **values)
    at = _place(tree["cells"])
    tree["cells"][at:at] = made
    draft.write_notebook(_source(assignment), tree)
    if not written:
        cases = draft.read(_cases(assignment)).rstrip("\n") + "\n"
        draft.write(_cases(assignment), cases + fill("cases_exercise", name=name))
    item = fill("guide_written" if written else "guide_exercise", **values)
    draft.write(GUIDE, _with_item(draft.read(GUIDE), assignment, item))
    _finish_assignment(draft, assignment)


def lecture(draft: Draft, name: str, title: str, about: str) -> None:
    """Write a lecture behind those that are there."""
    number = int(name[:2])
    path = f"lectures/{name}.ipynb"
    made = cells("lecture", number=number, two_digits=name[:2], title=title)
    draft.write_notebook(path, notebook(made))
    draft.write(f"mlpkit/data/alt_texts/{name[:2]}.toml", fill("alt_texts", number=number))
    values = {"file": name, "title": names.quoted(title), "about": names.quoted(about)}
    _list(draft, "lecture", fill("toml_lecture", **values))
    draft.run("-m", "tools.course", "--course", str(draft.folder))
    draft.run("tools/run_notebooks.py", str(draft.folder / path))


def explorer(draft: Draft, name: str) -> None:
    """Write an explorer, what it draws, and its tests."""
    for template, file in zip(
        ("plot", "explorer", "explorer_test"), explorer_files(name), strict=True
    ):
        draft.write(file, fill(template, name=name))


def explorer_files(name: str) -> list[str]:
    """List the files of an explorer: what it draws, the explorer, its tests."""
    return [
        f"mlpkit/plots/{name}.py",
        f"mlpkit/explorers/{name}.py",
        f"tests/mlpkit/test_explorers_{name}.py",
    ]


def _finish_assignment(draft: Draft, name: str) -> None:
    """Write headings, points and lists, run the notebook, and generate what students get."""
    draft.run("-m", "tools.course", "--course", str(draft.folder))
    draft.run("tools/run_notebooks.py", str(draft.folder / _source(name)))
    folders = [str(draft.folder / kind) for kind in ("solutions", "assignments")]
    draft.run("tools/make_assignments.py", "--source", folders[0], "--to", folders[1], name)


def _source(name: str) -> str:
    return f"solutions/{name}/{name}.ipynb"


def _cases(name: str) -> str:
    return f"tests/assignments/{name}_cases.py"


def _worth(points: float) -> str:
    return f"{points:g} point" if points == 1 else f"{points:g} points"


def _file(draft: Draft, number: int) -> str:
    return names.lectures(draft.folder)[number]


def _place(made: list[dict[str, Any]]) -> int:
    """Give the number of the cell before which an exercise is put: the text above the last one."""
    ready = [at for at, cell in enumerate(made) if cell.get("id") == "ready"]
    if not ready or made[ready[0] - 1]["cell_type"] != "markdown":
        raise names.refuse("The notebook has no last cell 'ready' with a text before it.")
    return ready[0] - 1


def _list(draft: Draft, kind: str, entry: str) -> None:
    """Put an entry behind the last one of its kind in `course.toml`."""
    text = draft.read("course.toml").rstrip("\n") + "\n"
    start = text.rindex(f"[[{kind}]]")
    end = text.find("\n\n", start) + 1 or len(text)
    draft.write("course.toml", text[:end] + entry + text[end:])


def _with_item(text: str, assignment: str, item: str) -> str:
    """Put an exercise's item behind the others of an assignment's section in the guide."""
    start = text.find(f"### {assignment}. ")
    if start < 0:
        raise names.refuse(f"{GUIDE} has no section '### {assignment}. …'.")
    end = re.compile(r"^#{1,3} |\Z", re.MULTILINE).search(text, start + 1)
    section = text[start : end.start() if end else len(text)]
    if found := list(ITEM.finditer(section)):
        behind = re.compile(r"\n\n(?! )|\n*\Z").search(section, found[-1].start())
        at = behind.start() + 1 if behind else len(section)
        changed = section[:at].rstrip("\n") + "\n" + item + section[at:]
    elif LAST_PARAGRAPH in section:
        changed = section.replace(LAST_PARAGRAPH, item + "\n" + LAST_PARAGRAPH, 1)
    else:
        changed = section.rstrip("\n") + "\n\n" + item + "\n"
    return text.replace(section, changed, 1)

"""Blocks of Markdown that are written from the list: tables, galleries, contents, the calendar."""

COLUMNS = 3


def link(lecture, folder=""):
    """Write a link to a lecture."""
    return f"[{lecture.name}]({folder}{lecture.file}.ipynb)"


def assignments_of(course, lecture, folder):
    """Write links to the assignments that need a lecture."""
    names = [each.name for each in course.of_lecture(lecture.number)]
    return ", ".join(f"[{name}]({folder}{name}/{name}.ipynb)" for name in names)


def overview(course):
    """Write the README's table of lectures."""
    rows = ["| lecture | equations | assignment |", "|---|---|---|"]
    for each in course.lectures:
        about = "" if each.number else f": {each.about}"
        cells = each.equations, assignments_of(course, each, "assignments/")
        rows.append(_row(f"{link(each, 'lectures/')}{about}", *cells))
    return rows


def map_of_lectures(course):
    """Write lecture 0's table of the others."""
    rows = ["| lecture | what it answers | equations | assignment |", "|---|---|---|---|"]
    for each in course.lectures[1:]:
        star = " ★" if each.optional else ""
        cells = each.about, each.equations, assignments_of(course, each, "../assignments/")
        rows.append(_row(f"{link(each)}{star}", *cells))
    return rows


def _row(*cells):
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def gallery(course):
    """Write the README's pictures of lectures, three in a row."""
    cells = [_pictured(each, "docs/gallery/{}.png", "<br>") for each in course.lectures[1:]]
    cells += [""] * (-len(cells) % COLUMNS)
    rows = [cells[at : at + COLUMNS] for at in range(0, len(cells), COLUMNS)]
    return ["| " * COLUMNS + "|", "|---" * COLUMNS + "|", *(_row(*row) for row in rows)]


def book_gallery(course):
    """Write the same for the book's first page."""
    blocks = [_pictured(each, "gallery/{}.svg", " ") for each in course.lectures[1:]]
    return ["```{container} gallery", *"\n\n".join(blocks).splitlines(), "```"]


def _pictured(lecture, path, between):
    words = link(lecture, "lectures/")
    if not lecture.picture:
        return words
    image = f"![{lecture.picture}]({path.format(lecture.file[:2])})"
    return f"[{image}](lectures/{lecture.file}.ipynb){between}{words}"


def contents(course):
    """Write the book's contents."""
    return [
        *_tree("Lectures", [f"lectures/{each.file}" for each in course.lectures]), "",
        *_tree("Assignments", [f"assignments/{e.name}/{e.name}" for e in course.assignments]),
    ]  # fmt: skip


def _tree(caption, pages):
    return ["```{toctree}", f":caption: {caption}", ":hidden:", *pages, "```"]


def weeks(course):
    """Give each week's lectures, in words, and the last week of each lecture by its number."""
    rows, last, waiting = [], {}, []
    for each in course.lectures:
        linked = f"[{_lower(each.name)}](../lectures/{each.file}.ipynb)"
        linked = linked if each.number else linked.replace("0. ", "")
        linked += " (★)" if each.optional else ""
        for at, about in enumerate(each.weeks):
            words = linked if at == 0 else str(each.number)
            rows.append(", ".join([*waiting, f"{words}: {about}" if about else words]))
            waiting = []
        waiting += [] if each.weeks else [linked]
        last[each.number] = len(rows) + bool(waiting)
    return rows + ([", ".join(waiting)] if waiting else []), last


def _lower(name):
    number, _, title = name.partition(" ")
    return f"{number} {title[0].lower()}{title[1:]}"


def dates(course):
    """Give (week out, week in) of each assignment by its name."""
    _, last = weeks(course)
    out = {each.name: max(last[number] for number in each.lectures) for each in course.assignments}
    return {each.name: (out[each.name], out[each.name] + each.due) for each in course.assignments}


def number_of_weeks(course):
    """Count the weeks until the last lecture was held and the last assignment is due."""
    return max([len(weeks(course)[0]), *(week for _, week in dates(course).values())])


def calendar(course):
    """Write the guide's calendar of a term."""
    taught, due = weeks(course)[0], dates(course)
    taught += [course.after] * (number_of_weeks(course) - len(taught))
    rows = ["| week | lecture | out | in |", "|---|---|---|---|"]
    for week, words in enumerate(taught, start=1):
        out, back = (
            ", ".join(name for name, when in due.items() if when[at] == week) for at in (0, 1)
        )
        rows.append(_row(week, words, out, back))
    return rows

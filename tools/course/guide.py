"""The instructor's guide on an assignment: headings, points and times are those of the notebook."""

import re

from tools.course.words import duration, points

TIME = re.compile(
    r"(?<=^\*\*Time\.\*\* )[A-Z][a-z\s]*?"
    r"(?:half\s+an\s+hour|hours?(?:\s+and\s+a\s+half)?)(?=[,.:\s])",
    re.MULTILINE,
)
ITEM = re.compile(
    r"^\d+\. \*\*(?P<title>(?:(?!\*\*).)+)\*\* \(`(?P<name>\w+)`, [\d.]+ points?",
    re.MULTILINE | re.DOTALL,
)


def section(text, assignment):
    """Write what the guide repeats of an assignment.

    Parameters
    ----------
    text : str
        The guide.
    assignment : tools.course.listing.Assignment

    Returns
    -------
    str
        The guide.

    Raises
    ------
    LookupError
        If there is no section on the assignment, or other exercises are listed in it.
    """
    name = assignment.name
    found = list(re.finditer(rf"^### {name}\. .*?(?=^#{{1,3}} |\Z)", text, re.M | re.S))
    if len(found) != 1:
        raise LookupError(f"expected one section '### {name}. …', found {len(found)}")
    start, end = found[0].span()
    return text[:start] + _section(text[start:end], assignment) + text[end:]


def _section(text, assignment):
    heading = f"### {assignment.name}. {assignment.title} ({points(assignment.points)})"
    text = heading + "\n" + text.partition("\n")[2]
    listed = [each["name"] for each in ITEM.finditer(text)]
    wanted = {each.name: each for each in assignment.exercises}
    if listed != list(wanted):
        raise LookupError(
            f"the section on {assignment.name} lists {', '.join(listed) or 'no exercise'}, and the "
            f"notebook has {', '.join(wanted) or 'none'}"
        )
    if wanted:
        if not TIME.search(text):
            raise LookupError(f"the section on {assignment.name} needs '**Time.** About an hour.'")
        text = TIME.sub(lambda match: _time(match[0], assignment), text, count=1)
    return ITEM.sub(lambda match: _item(match, wanted[match["name"]]), text)


def _time(said, assignment):
    words = f"About {duration(assignment.half_hours)}"
    return said if " ".join(said.split()) == words else words  # with the line breaks that it has


def _item(match, exercise):
    same = " ".join(match["title"].split()) == exercise.title
    title = match["title"] if same else exercise.title  # with the line breaks that it has
    return f"{exercise.number}. **{title}** (`{exercise.name}`, {points(exercise.points)}"

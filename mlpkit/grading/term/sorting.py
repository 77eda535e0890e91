"""A download sorted out: each student's newest hand-in, and a word on whatever else is there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from mlpkit.grading.course.listing import TIMESTAMP
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.course.who import ClassList
from mlpkit.grading.term.downloads import COPY, Claim, Names
from mlpkit.grading.term.entries import Entry, zip_inside
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.notes import listed

MOST_FILES, MOST_BYTES, DEEPEST = 300, 200 * 1024**2, 3
# Who may say when something was handed in: the instructor's own folders, and nbgrader.
TRUSTED = ("folder", "exchange")


@dataclass
class Attempt:
    """What one student handed in at one time.

    Attributes
    ----------
    student, platform : str
    time : str
        As the platform wrote it, or "".
    late : bool
    files : dict of str to (Claim, Entry)
        By the path that they get.
    """

    student: str
    platform: str
    time: str
    late: bool = False
    files: dict[str, tuple[Claim, Entry]] = field(default_factory=dict)


@dataclass
class Sorted:
    """What a download comes to.

    Attributes
    ----------
    attempts : dict of str to Attempt
        The newest of each student's.
    left : list of str
        A sentence for each thing that isn't taken.
    others : list of str
        The files in folders of other assignments.
    """

    attempts: dict[str, Attempt] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def sort_out(entries: Iterable[Entry], names: Names, notebooks: Sequence[str]) -> Sorted:
    """Give each file to whom it is of, and keep of several hand-ins the newest.

    Parameters
    ----------
    entries : iterable of Entry
    names : Names
    notebooks : list of str
        The assignment's.
    """
    found, nobody = Sorted(), dict[str, list[str]]()
    attempts: dict[str, dict[str, Attempt]] = {}
    for entry, claim in _claims(entries, names, 0, found):
        doubt = claim.doubt if claim.student is None else _of_another(claim, entry, names.people)
        if claim.student is None or doubt:
            nobody.setdefault(doubt, []).append(repr(entry.name))
            continue
        new = Attempt(claim.student, claim.platform, claim.time)
        attempt = attempts.setdefault(claim.student, {}).setdefault(claim.time, new)
        attempt.late |= claim.late
        _add(attempt, claim, entry, notebooks, found)
    for student, several in attempts.items():
        found.attempts[student] = _newest(student, several, found)
    found.left += [f"Not taken: {listed(files)}: {why}." for why, files in nobody.items()]
    if found.others:
        files = listed([repr(name) for name in found.others])
        found.left.append(f"Of other assignments, and not taken: {files}.")
    return found


def _of_another(claim: Claim, entry: Entry, people: ClassList) -> str:
    """Say whose a folder of the exchange is, where anyone may put one for anyone; "" if it fits."""
    if claim.platform != "exchange":
        return ""
    owner = people.by_id(entry.owner)[0] if entry.owner else None
    return "" if owner in (None, claim.student) else f"it names {claim.student}, but is {owner}'s"


def _claims(
    entries: Iterable[Entry], names: Names, depth: int, found: Sorted
) -> Iterator[tuple[Entry, Claim]]:
    """Read the names of all files; of a zip that is nobody's, those of the files in it."""
    entries = list(entries)
    names.learn([entry.name for entry in entries])
    for entry in entries:
        claim = names.claim(entry.name)
        if claim is None:
            found.others += [entry.name] if names.is_of_another(entry.name) else []
            continue
        unknown = claim.student is None and claim.platform == "folder"
        if unknown and entry.name.lower().endswith(".zip") and depth < DEEPEST:
            try:
                inside = list(zip_inside(entry.read(), ""))
            except Unreadable as error:
                found.left.append(f"Not taken: {entry.name!r}: {error}.")
                continue
            yield from _claims(inside, names, depth + 1, found)
        else:
            yield entry, claim


def _add(
    attempt: Attempt, claim: Claim, entry: Entry, notebooks: Sequence[str], found: Sorted
) -> None:
    if not claim.file:  # the platform's own receipt
        if comment := _comment(entry):
            found.left.append(f"{attempt.student} wrote with it: {comment!r}.")
        return
    path = _path(claim.file)
    if path == TIMESTAMP and claim.platform not in TRUSTED:
        found.left.append(
            f"Not taken: {entry.name!r}: a student's own word on when it was handed in."
        )
        return
    if not path:
        found.left.append(f"Not taken: {entry.name!r}: its name can't be used here.")
        return
    if claim.platform == "Canvas" and COPY.sub("", path) in [f"{name}.ipynb" for name in notebooks]:
        path = COPY.sub("", path)  # Canvas counts what is handed in again
    if path in attempt.files:
        earlier = attempt.files[path]
        newer = claim.order >= earlier[0].order
        left, taken = (earlier[1], entry) if newer else (entry, earlier[1])
        why = f"{attempt.student} handed in a newer one"
        if claim.order == earlier[0].order:  # nothing says which is newer
            why = f"{taken.name!r}, of the same name, was taken"
        found.left.append(f"Not taken: {left.name!r}: {why}.")
        if not newer:
            return
    attempt.files[path] = claim, entry


def _comment(entry: Entry) -> str:
    """Give what a student wrote into Blackboard's form, shortened; "" if nothing."""
    try:
        text = entry.read().decode("utf-8-sig", "replace")
    except Unreadable:
        return ""
    said = []
    for head in ("Submission Field:", "Comments:"):
        _, there, rest = text.partition(head)
        part = rest.partition("\n\n")[0].strip() if there else ""
        if part and not part.startswith("There ") and not part.startswith("Files:"):
            said.append(" ".join(part.split())[:200])
    return " ".join(said)


def _path(file: str) -> str:
    """Give a path below the student's folder in one form; "" if it can't be one."""
    parts = [one_form(part) for part in file.split("/")]
    odd = any(part in ("", ".", "..") or not part.isprintable() for part in parts)
    return "" if odd or len(file.encode()) > 240 else "/".join(parts)


def _newest(student: str, several: dict[str, Attempt], found: Sorted) -> Attempt:
    with_files = [time for time in several if several[time].files] or list(several)
    newest = max(with_files)
    if len(several) > 1:
        rest = sorted(set(several) - {newest})
        found.left.append(
            f"Left out of {student}'s {len(several)} attempts: "
            f"{listed([time or 'one without a time' for time in rest])}."
        )
    return _without_clashes(several[newest], found)


def _without_clashes(attempt: Attempt, found: Sorted) -> Attempt:
    """Leave out what would lie in a folder that has a file's name, also in that of the time."""
    names = {*attempt.files, TIMESTAMP}
    for path in list(attempt.files):
        if names.intersection(map(str, PurePosixPath(path).parents)):
            _, entry = attempt.files[path]
            found.left.append(f"Not taken: {entry.name!r}: a file has the name of its folder.")
            del attempt.files[path]
    return attempt


def content_of(attempt: Attempt) -> dict[str, bytes]:
    """Read a hand-in's files.

    Raises
    ------
    Unreadable
        If one can't be read, or they are too many or too large.
    """
    if len(attempt.files) > MOST_FILES:
        raise Unreadable(f"there are {len(attempt.files)} files, more than {MOST_FILES}")
    files, size = {}, 0
    for path, (_, entry) in attempt.files.items():
        try:
            files[path] = entry.read()
        except Unreadable as error:
            raise Unreadable(f"{entry.name!r}: {error}") from None
        size += len(files[path])
        if size > MOST_BYTES:
            raise Unreadable(f"they have more than {MOST_BYTES // 1024**2} MB")
    return files

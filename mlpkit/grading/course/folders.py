"""Whose folder is whose in ``submitted/``, and where in it an assignment lies."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mlpkit.grading.course.contents import Ids, is_notebook, own_ids
from mlpkit.grading.course.hand_ins import Place, belongs
from mlpkit.grading.course.listing import TIMESTAMP, hidden_in, listing
from mlpkit.grading.course.naming import one_form, same
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.notes import listed

Sources = dict[str, tuple[bytes, bytes]]


class Folders:
    """The folder ``submitted/``.

    Parameters
    ----------
    root : Path
    assignments : iterable of str
        All of the course's.
    formerly : mapping of str to str, optional
        Ids that students had before, to their present ones.
    """

    def __init__(
        self, root: Path, assignments: Iterable[str], formerly: Mapping[str, str] | None = None
    ) -> None:
        self.root, self.assignments = root, sorted(assignments)
        self.students: dict[str, list[Path]] = {}
        self.strangers, self.unnamed = hidden_in(root), list[str]()
        for path in sorted(root.glob("*")):
            if path.name.startswith("."):
                continue
            if not path.name.isprintable():  # a name that is no UTF-8 is none either
                self.unnamed.append(path.name)
            elif not path.is_dir() or any(same(path.name, each) for each in self.assignments):
                self.strangers.append(path.name)
            else:
                name = one_form(path.name)
                self.students.setdefault((formerly or {}).get(name, name), []).append(path)
        for name, own in self.students.items():
            own.sort(key=lambda path: one_form(path.name) != name)  # that of the present id first

    def place(
        self, student: str, assignment: str, sources: Sources, common: Ids = frozenset()
    ) -> Place | None:
        """Find the folder that a student handed in for an assignment, or None.

        Of cells whose names are among ``common`` other assignments have some too.
        """
        own = self.students[student]
        several: tuple[str, ...] = ()
        if len(own) > 1:
            names = listed([ascii(path.name) for path in own])
            several = (f"the folders {names} are one student's; the first with work was taken",)
        elif one_form(own[0].name) != student:
            several = (f"the folder {own[0].name!r} has the id that {student} had before",)
        exact = [path for path in own if os.path.lexists(path / assignment)]
        for path in [path for path in exact if not _is_no_folder(path / assignment)]:
            linked = path.is_symlink()  # it could lead to another student's work
            if linked:
                return Place(path, several)
            return Place(path / assignment, several, (), path, tuple(self.assignments))
        for path, name in self._named_alike(own, assignment):
            return Place(path / name, (*several, f"the folder was handed in as {name!r}"))
        others = tuple(each for each in self.assignments if not same(each, assignment))
        for path in own:
            if _holds(path, others, sources, common):
                note = f"it lay outside of a folder {assignment!r}"
                return Place(path, (*several, note), others)
        return Place(exact[0] / assignment, several) if exact else None

    @staticmethod
    def _named_alike(own: list[Path], assignment: str) -> Iterator[tuple[Path, str]]:
        for path in own:
            for each in sorted(path.iterdir()) if not path.is_symlink() else ():
                alike = each.name != assignment and same(each.name, assignment)
                if alike and each.is_dir() and not each.is_symlink():
                    yield path, each.name

    def timestamps(self, student: str, assignment: str) -> list[Path]:
        """List where the time of handing in may stand, the likeliest first."""
        own = self.students.get(student, [])
        folders = [path / assignment for path in own]
        folders += [path / name for path, name in self._named_alike(own, assignment)]
        return [folder / TIMESTAMP for folder in [*folders, *own]]

    def warnings(self, assignment: str, found: Iterable[str]) -> list[str]:
        """Say who has a folder and no row, and which names are too much alike."""
        told = []
        if self.strangers:
            names = listed([repr(name) for name in self.strangers])
            told.append(f"In {self.root.name}/ no student's folder: {names}.")
        if self.unnamed:
            names = listed([ascii(name) for name in self.unnamed])
            told.append(f"Not judged, as {names} can't stand for a student: rename the folder.")
        if missing := sorted(set(self.students) - set(found)):
            told.append(f"Nothing of {assignment} from: {', '.join(missing)}.")
        alike: dict[str, list[str]] = {}
        for student in self.students:
            alike.setdefault(student.casefold(), []).append(student)
        for group in alike.values():
            if len(group) > 1:
                told.append(f"Names that differ only in case: {listed(group)}.")
        return told


def _is_no_folder(folder: Path) -> bool:
    """Whether a folder, which is no link, holds no notebook, or is a file."""
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return folder.is_file() and not folder.is_symlink()
    with contextlib.suppress(Unreadable):
        return not any(is_notebook(file) for file in listing(folder))
    return False


def _holds(folder: Path, without: tuple[str, ...], sources: Sources, common: Ids) -> bool:
    """Whether a student's folder itself holds one of the assignment's notebooks."""
    try:
        there = listing(folder, without)
    except Unreadable:
        return False
    wanted = {name: own_ids(released, common) for name, (_, released) in sources.items()}
    return any(belongs(file, name, ids) for file in there for name, ids in wanted.items())

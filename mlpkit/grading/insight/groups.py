"""An exercise's answers in groups: named mistakes, equal ones without a name, singles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mlpkit.grading.insight.names import Mistake
from mlpkit.grading.job import Signature

Naming = Callable[[str, Signature], list[Mistake]]
CODE = 6


@dataclass(frozen=True)
class Group:
    """Students whose answers to one exercise are wrong alike.

    Parameters
    ----------
    mistakes : tuple of Mistake
        Their names; several where nothing tells them apart, none where there is no name.
    code : str
        What a group without a name is called when it is given one.
    cause : str
        What else is known: "uses scipy, which is taken away".
    students : tuple of str
    """

    mistakes: tuple[Mistake, ...]
    code: str
    cause: str
    students: tuple[str, ...]


class _Key(NamedTuple):
    names: tuple[Mistake, ...] = ()
    digest: str = ""
    cause: str = ""


@dataclass
class Sorted:
    """All answers to one exercise that lost points.

    Parameters
    ----------
    named, alike : list of Group
        The largest first.
    singles : list of str
        Students whose wrong answer is like nobody else's.
    blank : list of str
        Students who have not answered.
    stopped : dict of str to list of str
        Students whose answer could not be run, by the cause.
    """

    named: list[Group] = field(default_factory=list)
    alike: list[Group] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    stopped: dict[str, list[str]] = field(default_factory=dict)


def sort(test: str, signatures: Mapping[str, Signature], naming: Naming) -> Sorted:
    """Sort the answers to one exercise.

    Parameters
    ----------
    test : str
    signatures : dict of str to Signature
        By student.
    naming : callable
        Gives the names of a signature: (test, signature) → list of Mistake.
    """
    found, groups = Sorted(), dict[_Key, list[str]]()
    for student, one in sorted(signatures.items()):
        if one.state == "blank":
            found.blank.append(student)
        elif one.state == "not run":
            found.stopped.setdefault(one.cause, []).append(student)
        else:
            names = tuple(naming(test, one))
            key = _Key(names) if names else _Key((), one.digest, one.cause)
            if key == _Key():
                found.singles.append(student)
            else:
                groups.setdefault(key, []).append(student)
    for key, students in sorted(groups.items(), key=lambda item: (-len(item[1]), item[1])):
        group = Group(key.names, key.digest[:CODE], key.cause, tuple(students))
        if key.names:
            found.named.append(group)
        elif len(students) > 1 or key.cause:
            found.alike.append(group)
        else:
            found.singles += students
    found.singles.sort()
    return found

"""What each student's marks must be at every step of a term, kept apart from any gradebook."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from math import ceil

CELLS = """
SELECT s.student_id, a.name, c.name, g.auto_score, g.manual_score
FROM grade g JOIN base_cell c ON g.cell_id = c.id
JOIN submitted_notebook n ON g.notebook_id = n.id
JOIN submitted_assignment s ON n.assignment_id = s.id JOIN assignment a ON s.assignment_id = a.id
"""
PENALTIES = """
SELECT s.student_id, a.name, n.late_submission_penalty
FROM submitted_notebook n JOIN submitted_assignment s ON n.assignment_id = s.id
JOIN assignment a ON s.assignment_id = a.id
"""
A_DAY, MOST = 0.5, 3.0


@dataclass
class Entry:
    """One student's hand-in: the machine's points, people's, and how many hours late it is."""

    machine: dict
    hours: float = 0.0
    people: dict = field(default_factory=dict)

    @property
    def score(self):
        return sum({**{n: p or 0.0 for n, p in self.machine.items()}, **self.people}.values())

    @property
    def penalty(self):
        return min(A_DAY * max(0, ceil(self.hours / 24)), MOST, self.score)

    @property
    def net(self):
        return round(self.score - self.penalty, 2)


class Ledger(dict):
    """Entries by (student, assignment)."""

    def totals(self, assignment, without=()):
        """Return each student's points in an assignment."""
        return {
            student: entry.net
            for (student, name), entry in self.items()
            if name == assignment and student not in without
        }

    def check(self, course):
        """Compare every mark of the gradebook, read by SQL, with what it must be."""
        found, penalties = {}, {}
        with closing(sqlite3.connect(course.root / "gradebook.db")) as db:
            for student, name, cell, machine, people in db.execute(CELLS):
                found.setdefault((student, name), {})[cell] = machine, people
            for student, name, penalty in db.execute(PENALTIES):
                penalties[student, name] = penalty or 0.0
        wanted = {
            key: {cell: (points, entry.people.get(cell)) for cell, points in entry.machine.items()}
            for key, entry in self.items()
        }
        assert found == wanted
        assert penalties == {key: entry.penalty for key, entry in self.items()}

"""Marks for elsewhere: per exercise, and as Canvas and Moodle upload them.

nbgrader's own interface:
`nbgrader export --exporter mlpkit.grading.course.export.Canvas --to FILE`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook, Student, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins.export import ExportPlugin

from mlpkit.grading.course.class_list import read_students
from mlpkit.grading.course.class_tables import Person
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.text.tables import to_csv

People = Mapping[str, Person]
Rows = list[list[Any]]


@dataclass(frozen=True)
class Wanted:
    """Which marks, and whose.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignments : sequence of str
    chosen : callable
        Whether a student, by the id, has any row.
    people : dict of str to Person
        The class list, by id: by which numbers the platforms know somebody.
    """

    gradebook: Gradebook
    assignments: Sequence[str]
    chosen: Callable[[str], bool]
    people: People

    def by_student(self) -> Iterator[tuple[Student, list[float | None]]]:
        """Yield (student, scores) of who handed anything in: None where it was nothing."""
        found = _scores(self.gradebook, self.assignments)
        for student in sorted(self.gradebook.students, key=lambda student: student.id):
            if self.chosen(student.id) and student.id in found:
                yield student, [found[student.id].get(name) for name in self.assignments]


class _Plugin(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    default_name = ""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `--to` names, whole or not at all."""
        names = [str(name) for name in self.assignment] or [a.name for a in gradebook.assignments]
        students = {str(student) for student in self.student}
        root = Path(CourseDirectory(parent=self).root)
        gone = withdrawn(root)

        def chosen(student: str) -> bool:
            return student not in gone and (not students or student in students)

        rows = self.rows(Wanted(gradebook, names, chosen, known(root)))
        write_whole(self.to or self.default_name, to_csv(rows))


def known(root: Path) -> People:
    """Return the students of the course's own list by id, with the platforms' numbers."""
    return {each.id: each for each in read_students(root)}


class Exercises(_Plugin):
    """One row for each student and exercise."""

    default_name = "exercises.csv"

    @staticmethod
    def rows(wanted: Wanted) -> Rows:
        """Return the header and a row for each mark."""
        header = ["assignment", "student_id", "notebook", "exercise", "auto_score", "manual_score"]
        rows = [[*header, "extra_credit", "score", "max_score", "needs_manual_grade"]]
        for name in wanted.assignments:
            for submission in wanted.gradebook.assignment_submissions(name):
                if not wanted.chosen(submission.student.id):
                    continue
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        rows.append([name, submission.student.id, notebook.name, *_mark(grade)])
        return rows


class Canvas(_Plugin):
    """The file that Canvas' gradebook imports: a column an assignment, its points above.

    An empty cell would take a score away there. So who handed nothing in has no row where the file
    is of one assignment, and 0 points where it is of several.
    """

    default_name = "canvas.csv"

    @staticmethod
    def rows(wanted: Wanted) -> Rows:
        """Return the header, the points possible, and a row for each student."""
        names = wanted.assignments
        maxima = [wanted.gradebook.find_assignment(name).max_score for name in names]
        rows: Rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]]
        rows.append(["    Points Possible", "", "", "", "", *map(rounded, maxima)])
        for student, scores in wanted.by_student():
            points = [0.0 if score is None else score for score in scores]
            rows.append([*Canvas.about(student, wanted.people), *points])
        return rows

    @staticmethod
    def about(student: Student, people: People) -> list[str]:
        """Return the columns by which Canvas knows a student."""
        name = ", ".join(part for part in (student.last_name, student.first_name) if part)
        numbers = people.get(student.id, Person(student.id)).numbers
        number = numbers.get("canvas_id") or numbers.get("lms_user_id", "")
        return [name or student.id, number, numbers.get("sis_user_id", ""), student.id, ""]


class Moodle(_Plugin):
    """The file that Moodle's grade import takes: students by ID number and e-mail address."""

    default_name = "moodle.csv"

    @staticmethod
    def rows(wanted: Wanted) -> Rows:
        """Return the header and a row for each student; ``-`` is no score to Moodle."""
        head = ["First name", "Surname", "ID number", "Email address"]
        rows: Rows = [[*head, *wanted.assignments]]
        for student, scores in wanted.by_student():
            points = ["-" if score is None else score for score in scores]
            rows.append([*Moodle.about(student, wanted.people), *points])
        return rows

    @staticmethod
    def about(student: Student, people: People) -> list[str]:
        """Return the columns by which Moodle knows a student."""
        numbers = people.get(student.id, Person(student.id)).numbers
        names = [student.first_name or "", student.last_name or ""]
        return [*names, numbers.get("id_number", student.id), student.email or ""]


def totals_table(
    gradebook: Gradebook, chosen: Callable[[str], bool] = lambda student: True
) -> Rows:
    """Return all of a term's points, for people: a row a student, a column an assignment."""
    names = [each.name for each in gradebook.assignments]
    found = _scores(gradebook, names)
    rows: Rows = [["id", "name", *names, "total"]]
    for student in sorted(gradebook.students, key=lambda student: student.id):
        if chosen(student.id):
            scores = found.get(student.id, {})
            name = " ".join(filter(None, (student.first_name, student.last_name)))
            points = [scores.get(each, "") for each in names]
            rows.append([student.id, name, *points, rounded(sum(scores.values()))])
    return rows


def _mark(grade: Grade) -> list[Any]:
    scores = [grade.auto_score, grade.manual_score, grade.extra_credit, grade.score]
    scores = ["" if score is None else rounded(score) for score in scores]
    return [grade.name, *scores, grade.max_score, int(bool(grade.needs_manual_grade))]


def _scores(gradebook: Gradebook, assignments: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the points of what was handed in, by student and assignment."""
    found: dict[str, dict[str, float]] = {}
    for name in assignments:
        for submission in gradebook.assignment_submissions(name):
            found.setdefault(submission.student_id, {})[name] = rounded(net_score(submission))
    return found


def rounded(points: float) -> float:
    """Round points to the two digits that rows and pages show."""
    return float(f"{points:.2f}")


def net_score(submission: SubmittedAssignment) -> float:
    """Return a submission's points, less what lateness took off; never below 0."""
    net: float = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
    return net

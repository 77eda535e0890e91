"""Marks for elsewhere: per exercise, and as Canvas and Moodle upload them.

nbgrader's own interface:
`nbgrader export --exporter mlpkit.grading.course.export.Canvas --to FILE`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nbgrader.api import Grade, Gradebook, Student, SubmittedAssignment
from nbgrader.plugins.export import ExportPlugin

from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.text.tables import to_csv

Chosen = Callable[[str], bool]


class _Plugin(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    default_name = ""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `--to` names, whole or not at all."""
        names = [str(name) for name in self.assignment] or [a.name for a in gradebook.assignments]
        students = {str(student) for student in self.student}
        rows = self.rows(gradebook, names, lambda student: not students or student in students)
        write_whole(self.to or self.default_name, to_csv(rows))


class Exercises(_Plugin):
    """One row for each student and exercise."""

    default_name = "exercises.csv"

    @staticmethod
    def rows(gradebook: Gradebook, assignments: Sequence[str], chosen: Chosen) -> list[list[Any]]:
        """Return the header and a row for each mark."""
        header = ["assignment", "student_id", "notebook", "exercise", "auto_score", "manual_score"]
        rows = [[*header, "extra_credit", "score", "max_score", "needs_manual_grade"]]
        for name in assignments:
            for submission in gradebook.assignment_submissions(name):
                if not chosen(submission.student.id):
                    continue
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        rows.append([name, submission.student.id, notebook.name, *_mark(grade)])
        return rows


class Canvas(_Plugin):
    """The file that Canvas' gradebook imports: a column an assignment, its points above."""

    default_name = "canvas.csv"

    @staticmethod
    def rows(gradebook: Gradebook, assignments: Sequence[str], chosen: Chosen) -> list[list[Any]]:
        """Return the header, the points possible, and a row for each student."""
        maxima = [gradebook.find_assignment(name).max_score for name in assignments]
        rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *assignments]]
        rows.append(["    Points Possible", "", "", "", "", *maxima])
        for student, scores in _by_student(gradebook, assignments, chosen):
            name = ", ".join(part for part in (student.last_name, student.first_name) if part)
            rows.append([name or student.id, "", student.id, student.id, "", *scores])
        return rows


class Moodle(_Plugin):
    """The file that Moodle's grade import takes: students by ID number and e-mail address."""

    default_name = "moodle.csv"

    @staticmethod
    def rows(gradebook: Gradebook, assignments: Sequence[str], chosen: Chosen) -> list[list[Any]]:
        """Return the header and a row for each student."""
        rows = [["First name", "Surname", "ID number", "Email address", *assignments]]
        for student, scores in _by_student(gradebook, assignments, chosen):
            names = [student.first_name or "", student.last_name or ""]
            rows.append([*names, student.id, student.email or "", *scores])
        return rows


def _mark(grade: Grade) -> list[Any]:
    scores = [grade.auto_score, grade.manual_score, grade.extra_credit, grade.score]
    scores = ["" if score is None else score for score in scores]
    return [grade.name, *scores, grade.max_score, int(bool(grade.needs_manual_grade))]


def _by_student(
    gradebook: Gradebook, assignments: Sequence[str], chosen: Chosen
) -> Iterator[tuple[Student, list[Any]]]:
    """Yield (student, scores): the late penalty taken off, empty where nothing was handed in."""
    handed_in = {
        (submission.student.id, name): submission
        for name in assignments
        for submission in gradebook.assignment_submissions(name)
    }
    for student in sorted(gradebook.students, key=lambda student: student.id):
        if chosen(student.id):
            found = (handed_in.get((student.id, name)) for name in assignments)
            yield student, ["" if each is None else net_score(each) for each in found]


def net_score(submission: SubmittedAssignment) -> float:
    """Return a submission's points, less what lateness took off; never below 0."""
    net: float = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
    return net

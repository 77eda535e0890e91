"""A course whose gradebook holds marks, without any judging."""

import functools
import tempfile
from datetime import datetime
from pathlib import Path

from tests.grading.course_factory import make_course, open_gradebook

CELLS = ("test", "words", "proof")


def make_marked_course(folder, students, assignments=("ps1", "ps2"), config=""):
    """Write a course with the assignments' cells and a submission of each student in each."""
    course = make_course(folder, {}, config=config)
    (course.root / "gradebook.db").write_bytes(marked(tuple(students), tuple(assignments)))
    return course


@functools.cache
def marked(students, assignments):
    """Return such a gradebook's bytes: nbgrader takes its time to fill one."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder), {})
        with open_gradebook(course) as gradebook:
            for student in students:
                gradebook.add_student(student)
            for name in assignments:
                _add(gradebook, name, students)
            gradebook.db.commit()
        return (course.root / "gradebook.db").read_bytes()


def _add(gradebook, name, students):
    gradebook.add_assignment(name, duedate=datetime(2026, 10, 1))
    gradebook.add_notebook(name, name)
    for cell in CELLS:
        kind = "code" if cell == "test" else "markdown"
        gradebook.add_grade_cell(cell, name, name, max_score=4, cell_type=kind)
        gradebook.add_solution_cell(cell if cell != "test" else "answer", name, name)
    for student in students:
        with gradebook.db.no_autoflush:
            gradebook.add_submission(name, student)
        for cell in CELLS:
            grade = gradebook.find_grade(cell, name, name, student)
            grade.auto_score = 3.0 if cell == "test" else None
            grade.needs_manual_grade = cell != "test"


def give(course, assignment, student, cell, points, comment=None):
    """Mark a cell by hand."""
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade(cell, assignment, assignment, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment is not None:
            note = gradebook.find_comment(cell, assignment, assignment, student)
            note.manual_comment = comment
        gradebook.db.commit()


def given(course):
    """Return what people gave: {(assignment, student, cell): (points, comment, to read)}."""
    found = {}
    with open_gradebook(course) as gradebook:
        for assignment in gradebook.assignments:
            for submission in gradebook.assignment_submissions(assignment.name):
                for notebook in submission.notebooks:
                    notes = {each.name: each.manual_comment for each in notebook.comments}
                    for grade in notebook.grades:
                        key = assignment.name, submission.student.id, grade.name
                        note = notes.get(grade.name)
                        found[key] = grade.manual_score, note, bool(grade.needs_manual_grade)
    return found

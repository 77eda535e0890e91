"""A class through nbgrader itself: gradebook, feedback, CSV, and the marks of the quick harness."""

import csv
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from tests.assignments.harness import (
    NAMES,
    ROOT,
    cases,
    exercises,
    load,
    points,
    run,
    submitted,
    with_answers,
)
from tests.commands import nbgrader
from tests.tiers import few

pytestmark = [pytest.mark.notebook, pytest.mark.slow]
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "mlp"
c.Execute.timeout = 120
"""


def every_other(name, kind, number, remainder):
    """Answer every other exercise with the case of this number, the rest with the solution."""
    return {
        exercise: list(getattr(cases(name)[exercise], kind).values())[number]
        for index, exercise in enumerate(exercises(load("solutions", name)))
        if index % 2 == remainder
    }


def class_of(name):
    """Return what each student answers, a dict of dicts by exercise."""
    students = {}
    for number in (0, 1):
        answers = every_other(name, "mistakes", number, number)
        students[f"mixed-{number}"] = answers | every_other(name, "right", number, 1 - number)
    return students


def command(course, *words):
    """Run a command of nbgrader that must succeed; return what it prints."""
    done = nbgrader(course, *words, MLPKIT_SEED="1", OPENBLAS_NUM_THREADS="1")
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module", params=few(NAMES, 2))
def graded(request, tmp_path_factory):
    """Grade a class; give the assignment's name, the course's folder and the students."""
    name, course = request.param, tmp_path_factory.mktemp(request.param)
    students = class_of(name)
    (course / "nbgrader_config.py").write_text(CONFIG)
    shutil.copytree(ROOT / "solutions" / name, course / "source" / name)
    for student in [*students, "blank"]:
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True)
        blank = load("assignments", name)
        notebook = blank if student == "blank" else submitted(name, students[student])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command(course, "generate_assignment", name)
    command(course, "autograde", name)
    mark_by_hand(course, name)
    command(course, "generate_feedback", name)
    return name, course, students


def mark_by_hand(course, name):
    """Give full points for each derivation that was written."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(name):
            for grade in submission.notebooks[0].grades:
                if grade.needs_manual_grade:
                    grade.manual_score = grade.cell.max_score
                    grade.needs_manual_grade = False
        gradebook.db.commit()


def marks(course, name):
    """Return the gradebook's points by student and graded cell."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.score for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.assignment_submissions(name)
        }


def test_a_blank_gets_exactly_nothing(graded):
    name, course, _ = graded
    assert set(marks(course, name)["blank"].values()) == {0}


def test_mistakes_cost_points_in_their_exercises_and_right_answers_keep_theirs(graded):
    name, course, students = graded
    full, of_class = points(load("solutions", name)), marks(course, name)
    for student, answers in students.items():
        wrong = {e for e, a in answers.items() if a in cases(name)[e].mistakes.values()}
        lost = {cell for cell in full if of_class[student][cell] < full[cell]}
        assert lost == {f"{exercise}_test" for exercise in wrong}, student


def test_nbgrader_agrees_with_the_quick_harness(graded):
    name, course, students = graded
    of_class = marks(course, name)
    for student, answers in students.items():
        quick = run(with_answers(load("solutions", name), answers), seed=1).points
        assert {cell: of_class[student][cell] for cell in quick} == quick, student


def test_csv_holds_a_row_for_each_student(graded):
    name, course, students = graded
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        CsvExportPlugin(to=str(course / "grades.csv")).export(gradebook)
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {*students, "blank"}
    totals = {student: sum(cells.values()) for student, cells in marks(course, name).items()}
    assert {student: float(row["score"]) for student, row in rows.items()} == totals


def test_every_student_gets_feedback(graded):
    name, course, students = graded
    for student in [*students, "blank"]:
        page = course / "feedback" / student / name / f"{name}.html"
        total = sum(marks(course, name)[student].values())
        assert f"Score: {total} / {sum(points(load('solutions', name)).values())}" in (
            page.read_text()
        )


def test_validate_lists_what_is_missing_and_passes_the_solution(tmp_path):
    # nbgrader validate exits with 0 either way: what it says is what counts.
    name, said = "ps2", {}
    for kind in ("solutions", "assignments"):
        nbformat.write(load(kind, name), tmp_path / f"{kind}.ipynb")
        said[kind] = command(tmp_path, "validate", f"{kind}.ipynb")
    assert "Success! Your notebook passes all the tests." in said["solutions"]
    number = len(points(load("solutions", name)))
    assert f"VALIDATION FAILED ON {number} CELL(S)" in said["assignments"]
    assert "NotImplementedError" in said["assignments"]

"""nbgrader's settings are obeyed by `mlpkit grade`, or refused in words; so by nbgrader's door."""

import shutil
import stat
import types
from textwrap import dedent

import pytest

from mlpkit.grading.course.choice import Choice
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.course.misspelled import misspelled
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.course.settling import penalty
from mlpkit.grading.course.steps import without_effect
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import QUICK, grade, make_course, open_gradebook, totals
from tests.tiers import few

pytestmark = pytest.mark.sandbox
GOOD = notebooks.answered()
WRONG = notebooks.answered(double="def double(x):\n    return x")


@pytest.mark.parametrize(
    "structure",
    few(
        [
            "{nbgrader_step}/{assignment_id}/{student_id}",
            "{assignment_id}/{nbgrader_step}/{student_id}",
            "{student_id}/{nbgrader_step}/{assignment_id}",
            "of/{nbgrader_step}/{student_id}-{assignment_id}",
            "{nbgrader_step}/students/{student_id}/set/{assignment_id}",
        ],
        1,
    ),
)
@pytest.mark.parametrize("shared", [False, True])
def test_folders_are_found_in_any_structure(tmp_path, structure, shared):
    line = f"c.CourseDirectory.directory_structure = {structure!r}\n"
    line += f"c.CourseDirectory.groupshared = {shared}\n"
    course = make_course(tmp_path, {}, config=line)
    source = course.folder("source", ".", "ps1")
    source.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(tmp_path / "solutions" / "ps1", source)
    for student, book in (("ada", GOOD), ("ben", WRONG)):
        folder = course.folder("submitted", student, "ps1")
        folder.mkdir(parents=True)
        (folder / "sheet.ipynb").write_bytes(notebooks.content(book))
    assert grade(Course(tmp_path)).judged == 2
    assert totals(course) == {"ada": 4.0, "ben": 2.0}
    assert (course.folder("autograded", "ada", "ps1") / "sheet.ipynb").is_file()


def test_nobody_found_is_no_success(tmp_path):
    line = "c.CourseDirectory.submitted_directory = 'elsewhere'\n"
    course = make_course(tmp_path, {"ada": GOOD}, config=line)
    with pytest.raises(CourseError, match=r"No submission for ps1[^\n]*\n[^\n]*elsewhere"):
        grade(course)


CLASS = {"ada": GOOD, "adele": GOOD, "ben": WRONG}


@pytest.mark.parametrize(
    ("words", "line", "graded"),
    [
        ((), "c.CourseDirectory.student_id_exclude = 'ada,ben'", {"adele"}),
        ((), "c.CourseDirectory.student_id = 'ad*'", {"ada", "adele"}),
        (["--CourseDirectory.student_id=ada"], "", {"ada"}),
        (["--notebook=other*"], "", set()),
        (["--notebook=sh*"], "", {"ada", "adele", "ben"}),
    ],
)
def test_who_is_graded_is_as_the_settings_say(tmp_path, words, line, graded):
    make_course(tmp_path, CLASS, config=line + "\n")
    course = Course(tmp_path, words)
    if graded:
        assert {result.student for result in grade(course).results} == graded
    else:
        with pytest.raises(CourseError, match="No submission"):
            grade(course)
    assert set(totals(course)) == graded


def test_the_gradebook_of_the_command_line_goes_before_that_of_the_file(tmp_path):
    make_course(tmp_path, {"ada": GOOD}, config="c.CourseDirectory.db_url = 'sqlite:///own.db'\n")
    grade(Course(tmp_path))
    assert (tmp_path / "own.db").is_file()  # from the course's folder, as nbgrader reads it
    other = Course(tmp_path, [f"--db=sqlite:///{tmp_path}/another.db"])
    assert grade(other).kept == 1
    assert totals(other) == {"ada": 4.0}


def test_settings_of_the_user_are_read_before_those_of_the_course(tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    lines = "c = get_config()\nc.Judge.limits = {'cell_seconds': 7.0}\nc.Execute.timeout = 3\n"
    (own / "nbgrader_config.py").write_text(lines)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(own))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    course = make_course(tmp_path / "course", {})
    assert (course.limits.cell_seconds, course.config.Execute.timeout) == (7.0, 3)
    course = make_course(tmp_path / "other", {}, config="c.Judge.limits = {'disk': 9}\n")
    assert (course.limits.cell_seconds, course.limits.disk) == (3.0, 9)


@pytest.mark.parametrize(
    ("line", "seconds"), [("2", 2.0), ("100", 100.0), ("None", 600.0), ("-1", 600.0)]
)
def test_a_timeout_of_nbgraders_is_that_of_cells_and_calls(tmp_path, line, seconds):
    course = make_course(tmp_path, {}, config=f"c.Execute.timeout = {line}\n")
    assert course.limits.cell_seconds == course.limits.call_seconds == seconds
    for name in ("ExecutePreprocessor", "NotebookClient"):  # the classes that it comes from
        other = make_course(tmp_path / name, {}, config=f"c.{name}.timeout = {line}\n")
        assert other.limits.cell_seconds == other.limits.call_seconds == seconds
    said = Course(tmp_path, ["--Execute.timeout=5"])
    assert said.limits.cell_seconds == 5.0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "c.CourseDirectory.db_url = 'sqlite:///marks/2026/g.db'"),
        (["--db=sqlite:///marks/g.db"], ""),
        ((), "import os\nc.CourseDirectory.db_url = f'sqlite:///{os.getcwd()}/sheet.ipynb/g.db'"),
    ],
)
def test_a_gradebook_in_a_folder_that_isnt_there_is_said_with_the_folder(tmp_path, words, line):
    make_course(tmp_path, {"ada": GOOD}, config=line + "\n")
    with pytest.raises(CourseError, match=r"There is no folder /.+\nMake it, or mend"):
        grade(Course(tmp_path, words))
    assert not (tmp_path / "autograded").exists()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "c.Judge.limits = {'memory': 2.0e9, 'cell_seconds': 5}"),
        (["--Judge.limits=memory=2000000000", "--Judge.limits=cell_seconds=5"], ""),
        (["--Judge.limits={'memory': 2000000000, 'cell_seconds': 5.0}"], ""),
    ],
)
def test_limits_are_whole_numbers_of_bytes_whoever_gives_them(tmp_path, words, line):
    make_course(tmp_path, {}, config=line + "\n")
    limits = Course(tmp_path, words).limits
    assert (limits.memory, limits.cell_seconds) == (2_000_000_000, 5.0)
    assert isinstance(limits.memory, int) and isinstance(limits.cell_seconds, float)


@pytest.mark.parametrize(
    ("words", "line", "told"),
    [
        (["--no-execute"], "", "--no-execute gives marks for outputs that were handed in"),
        ((), "c.Execute.enabled = False", "--no-execute gives marks for outputs"),
        (["--Execute.enabled=False"], "", "--no-execute gives marks for outputs"),
        ((), "c.Autograde.sanitize_preprocessors = ['own.Step']", "own.Step"),
        ((), "c.Autograde.autograde_preprocessors = ['own.Step']", "own.Step"),
        ((), "c.Exporter.preprocessors = ['own.Step']", "c.Exporter.preprocessors"),
        ((), "c.NotebookExporter.preprocessors = ['own.Step']", "c.NotebookExporter"),
        (
            (),
            "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']",
            "Without these steps nothing is marked by the course's own tests: SaveAutoGrades.",
        ),
        ((), "c.Autograde.sanitize_preprocessors = []", "OverwriteCells"),
        ((), "c.OverwriteCells.enabled = False", "c.OverwriteCells.enabled = False"),
        (["--SaveAutoGrades.enabled=False"], "", "c.SaveAutoGrades.enabled = False"),
        ((), "c.Execute.kernel_name = 'conda'", "can't obey c.Execute.kernel_name"),
        ((), "c.NotebookClient.timeout_func = print", "can't obey c.NotebookClient.timeout_func"),
        (["--Execute.extra_arguments=--pylab"], "", "can't obey c.Execute.extra_arguments"),
        ((), "c.ExecutePreprocessor.timeout = 'soon'", "c.Execute in nbgrader_config.py"),
        ((), "c.Judge.tests = 'beside'", "c.Judge in nbgrader_config.py"),
        ((), "c.Judge.test = 'inside'", "no setting c.Judge.test; tests may be meant"),
        ((), "c.Judge.limit = {'disk': 3}", "no setting c.Judge.limit; limits may be meant"),
        (["--Judge.accept_test=True"], "", "no setting c.Judge.accept_test; accept_tests may"),
        ((), "c.Judge.limits = {'seconds': 3}", "There are cell_seconds"),
        ((), "c.Judge.limits = {'disk': '300MB'}", "'disk' is '300MB', and not a number above 0"),
        ((), "c.Judge.limits = {'cell_seconds': float('inf')}", "'cell_seconds' is inf, and not"),
        ((), "c.Judge.limits = {'processes': True}", "'processes' is True, and not a number"),
        ((), "c.Judge.limits = {'call_seconds': -1}", "'call_seconds' is -1, and not a number"),
        ((), "c.Judge.limits = {'memory': 1000}", "not a number from 268,435,456 on"),
        (["--Judge.limits=output=[1]"], "", "'output' is '[1]', and not a number above 0"),
        ((), "1 / 0", "nbgrader_config.py can't be read: ZeroDivisionError"),
        (["--db=oracle+nothing://x/y"], "", "The gradebook can't be opened: "),
        (["--db=gradebook.db"], "", "The gradebook can't be opened: "),
        (
            (),
            "c.CourseDirectory.db_url = 'mssql+pymssql://u:secret@h/d'",
            "No module named 'pymssql'",
        ),
    ],
)
def test_what_is_not_obeyed_is_refused_in_words(tmp_path, words, line, told):
    with pytest.raises(CourseError) as refused:
        make_course(tmp_path, {"ada": GOOD}, config=line + "\n")
        grade(Course(tmp_path, words))
    assert told in str(refused.value) and len(str(refused.value).splitlines()) == 2
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "line", "named"),
    [
        ((), "c.LimitOutput.max_lines = 3", "c.LimitOutput.max_lines"),
        ((), "c.DeduplicateIds.enabled = False", "c.DeduplicateIds.enabled"),
        (["--Execute.startup_timeout=9"], "", "c.Execute.startup_timeout"),
        ((), "c.NotebookClient.iopub_timeout = 9\nc.IgnorePattern.pattern = 'x'",
         "c.IgnorePattern.pattern, c.NotebookClient.iopub_timeout"),
        ((), "c.Execute.timeout = 60\nc.LimitOutput.enabled = True", None),
        (["--LimitOutput.enabled=False"], "", "c.LimitOutput.enabled"),
        (["--Execute.enabled=True"], "c.OverwriteCells.enabled = True", None),
    ],
)  # fmt: skip
def test_a_setting_that_changes_nothing_is_named(tmp_path, words, line, named):
    make_course(tmp_path, {}, config=line + "\n")
    assert ", ".join(without_effect(Course(tmp_path, words).config)) == (named or "")


def test_each_run_names_what_in_the_settings_changes_nothing(tmp_path):
    lines = "c.LimitOutput.max_lines = 3\nc.Execute.timeuot = 5\n"
    course = make_course(tmp_path, {"ada": GOOD}, config=lines)
    told = "\n".join(grade(course).warnings)
    assert "change nothing" in told and "c.LimitOutput.max_lines (see" in told
    assert "no setting c.Execute.timeuot; timeout may be meant" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("c.Execute.timeuot = 5", "There is no setting c.Execute.timeuot; timeout may be meant."),
        ("c.Autogarde.force = True", "There is no setting c.Autogarde; Autograde may be meant."),
        ("c.CourseDirectory.student_ids = 'a'", "c.CourseDirectory.student_ids; student_id may"),
        ("c.LimitOutput.lines = 'a'", "There is no setting c.LimitOutput.lines"),
        ("c.Judges.tests = 'inside'", "There is no setting c.Judges; Judge may be meant."),
        ("c.AssignLatePenalties.plugin = 'a.B'", "plugin_class may be meant"),
        ("c.Autograde.create_student = True\nc.Exchange.root = '/x'", None),
        ("c.Term.timezone = 'UTC'\nc.ServerApp.port = 1\nc.Own.x = 1", None),
    ],
)
def test_a_misspelled_setting_is_named(tmp_path, line, told):
    course = make_course(tmp_path, {}, config=line + "\n")
    said = "\n".join(misspelled(course.config))
    assert (told in said) if told else said == ""


PLUGINS = """
from nbgrader.plugins import BasePlugin

class Late(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5

def before(**about):
    note("before", about)

def after(**about):
    note("after", about)

def note(when, about):
    names = [path.rsplit("/", 3)[1] for path in about["notebooks"]]
    with open("called.txt", "a") as file:
        print(when, about["assignment"], *names, file=file)
"""


def test_plugins_and_hooks_lie_in_the_courses_folder(tmp_path):
    (tmp_path / "own_rules.py").write_text(dedent(PLUGINS))
    lines = (
        "c.AssignLatePenalties.plugin_class = 'own_rules.Late'\n"
        "c.Autograde.pre_convert_hook = 'own_rules.before'\n"
        "c.Autograde.post_convert_hook = 'own_rules.after'\n"
    )
    course = make_course(tmp_path, {"ada": GOOD, "ben": WRONG}, config=lines)
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment("ps1", duedate="2026-10-01 10:00:00 UTC")
    (tmp_path / "submitted/ada/ps1/timestamp.txt").write_text("2026-10-02 10:00:00 UTC")
    grade(Course(tmp_path))
    with open_gradebook(course) as gradebook:
        notebook = gradebook.find_submission_notebook("sheet", "ps1", "ada")
        assert notebook.late_submission_penalty == 1.5
    called = sorted((tmp_path / "called.txt").read_text().splitlines())
    assert called == ["after ps1 ada", "after ps1 ben", "before ps1 ada", "before ps1 ben"]


@pytest.mark.parametrize(
    ("line", "files", "folder"),
    [
        ("", 0o444, None),
        ("c.CourseDirectory.groupshared = True", 0o664, 0o2070),
        ("c.Autograde.permissions = 640", 0o640, None),
    ],
)
def test_permissions_are_those_that_nbgrader_sets(tmp_path, line, files, folder):
    course = make_course(tmp_path, {"ada": GOOD}, config=line + "\n")
    (tmp_path / "solutions/ps1/data.csv").write_text("1")
    for _ in range(2):  # what may not be written can be written again
        grade(course, force=True)
    place = course.folder("autograded", "ada", "ps1")
    for name in ("sheet.ipynb", "data.csv"):
        assert stat.S_IMODE((place / name).stat().st_mode) == files, name
    if folder is not None:
        assert place.stat().st_mode & folder == folder


def test_files_that_students_may_change_are_theirs_and_others_the_courses(tmp_path):
    lines = "c.Autograde.exclude_overwriting = {'ps1': ['helper.py', 'sub/own.csv']}\n"
    reads = (
        "def double(x):\n    import helper\n    own = open('sub/own.csv').read()\n"
        "    given = open('data.csv').read()\n    right = (own, given) == ('theirs', 'given')\n"
        "    return helper.twice(x) if right else None"
    )

    def handed_in(folder):
        (folder / "sheet.ipynb").write_bytes(notebooks.content(notebooks.answered(double=reads)))
        (folder / "sub").mkdir()
        (folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
        (folder / "sub/own.csv").write_text("theirs")
        (folder / "data.csv").write_text("changed")
        (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
        (folder / "odd.params").write_text("a=1")
        (folder / "helper.pyc").write_text("no code")

    course = make_course(tmp_path, {"ada": handed_in}, config=lines)
    source = tmp_path / "solutions/ps1"
    (source / "sub").mkdir()
    for name, text in (("helper.py", "1 / 0"), ("sub/own.csv", "given"), ("data.csv", "given")):
        (source / name).write_text(text)
    grade_class(course, "ps1", Options(limits=QUICK))  # the course's own answers have its own files
    assert totals(course) == {"ada": 4.0}
    place = course.folder("autograded", "ada", "ps1")
    assert (place / "data.csv").read_text() == "given"
    assert (place / "sub/own.csv").read_text() == "theirs"
    assert (place / "photo.jpg").is_file() and (place / "odd.params").is_file()
    assert not (place / "helper.pyc").exists()
    (tmp_path / "submitted/ada/ps1/photo.jpg").unlink()
    grade(course, force=True)
    assert not (place / "photo.jpg").exists()


@pytest.mark.parametrize(
    "name,text,said",
    [
        ("helper.py", "x = 1\n", False),
        ("sub/own.csv", "given", False),
        ("helper.py", "x = 2\n", True),
        ("own.csv", "given", True),  # it lies elsewhere
        ("sub/given.pkl", "given", False),
        ("sub/given.pkl", "other", True),
        ("given.pkl", "given", True),
    ],
)
def test_a_file_to_be_changed_is_named_where_it_was(tmp_path, name, text, said):
    given = {"helper.py": "x = 1\n", "sub/own.csv": "given", "sub/given.pkl": "given"}
    lines = f"c.Autograde.exclude_overwriting = {{'ps1': {sorted(given)}}}\n"

    def handed_in(folder):
        (folder / "sheet.ipynb").write_bytes(notebooks.content(notebooks.answered()))
        (folder / "sub").mkdir()
        (folder / name).write_text(text)

    course = make_course(tmp_path, {"ada": handed_in}, config=lines)
    (tmp_path / "solutions/ps1/sub").mkdir()
    for each, content in given.items():
        (tmp_path / "solutions/ps1" / each).write_text(content)
    jobs = Jobs(course, "ps1", QUICK)
    job, _ = jobs.job(Choice(course, "ps1", frozenset()).submissions["ada", "sheet"])
    assert any(name in note for note in job.notes) == said


def test_what_is_lost_of_autograded_is_written_again_and_not_judged_again(tmp_path):
    course = make_course(tmp_path, {"ada": GOOD, "ben": WRONG})
    grade(course)
    before = (course.folder("autograded", "ben", "ps1") / "sheet.ipynb").read_bytes()
    shutil.rmtree(tmp_path / "autograded")
    summary = grade(course)
    assert (summary.judged, summary.kept) == (0, 2)
    assert (course.folder("autograded", "ben", "ps1") / "sheet.ipynb").read_bytes() == before


def test_nobody_new_is_graded_where_the_settings_say_so(tmp_path):
    line = "c.Autograde.create_student = False\n"
    course = make_course(tmp_path, {"ada": GOOD, "eve": GOOD}, config=line)
    with open_gradebook(course) as gradebook:
        gradebook.add_student("ada")
    summary = grade(course)
    assert [result.student for result in summary.results] == ["ada"]
    assert summary.refused == ["eve"] and totals(course) == {"ada": 4.0}


@pytest.mark.parametrize("where", ["outside", "inside"])
def test_what_runs_knows_that_nbgrader_runs_it(tmp_path, where):
    told = "return os.environ.get('NBGRADER_EXECUTION')"
    answer = f"import os\ndef told():\n    ### BEGIN SOLUTION\n    {told}\n    ### END SOLUTION"
    test = f"# tests: {where}\nimport os\nassert os.environ['NBGRADER_EXECUTION'] == told()"
    book = notebooks.notebook(notebooks.solution("told", answer), notebooks.check("check", test))
    course = make_course(tmp_path, {"ada": book}, book=book)
    assert grade(course).results[0].points == 2.0


def test_a_notebook_of_another_name_in_the_assignment_is_not_taken_for_a_missing_one(tmp_path):
    course = make_course(tmp_path, {"ada": GOOD})
    (tmp_path / "solutions/ps1/second.ipynb").write_bytes(notebooks.content(notebooks.course()))
    points = {result.notebook: result.points for result in grade(course).results}
    assert points == {"sheet": 4.0, "second": 0.0}


class Late:
    score = 4.0
    student = types.SimpleNamespace(id="ada")


@pytest.mark.parametrize(
    ("words", "line", "off"),
    [
        ((), "c.AssignLatePenalties.enabled = False", None),
        (["--AssignLatePenalties.enabled=False"], "", None),
        (["--AssignLatePenalties.enabled=True"], "", 4.0),
        ((), "", 4.0),
    ],
)
def test_no_penalty_is_taken_where_that_is_switched_off(tmp_path, words, line, off):
    lines = f"c.LateSubmissionPlugin.penalty_method = 'zero'\n{line}\n"
    make_course(tmp_path, {}, config=lines)
    assert penalty(Course(tmp_path, words).config, Late(), 60.0) == off

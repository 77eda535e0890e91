"""A term is played from the class list to the next year, and every mark accounted for at each step.

Students' work is of mixed quality; each assignment comes from another platform. What the marks must
be stands in a ledger of its own.
"""

import csv
import os
import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from tests.grading import notebooks
from tests.grading.course_factory import QUICK, make_course, open_gradebook
from tests.grading.term.late import TWO_A_DAY
from tests.grading.term.ledger import Entry, Ledger
from tests.grading.term.platforms import zipped

pytestmark = pytest.mark.sandbox
BERLIN = ZoneInfo("Europe/Berlin")
HALF = "def double(x): return 2 * x if hasattr(x, 'shape') else 0"
BLANK = notebooks.release(notebooks.course())
# What is handed in → the machine's points for each cell; None is for a person to read.
QUALITIES = [
    (notebooks.answered(words="Because."), (2.0, 2.0, None)),
    (notebooks.answered(double=HALF, words="So."), (0.0, 2.0, None)),
    (notebooks.answered(mean_square="def mean_square(x): return 0", words="x"), (2.0, 0.0, None)),
    (notebooks.answered(double="def double(x): return missing", words="y"), (0.0, 2.0, None)),
    (BLANK, (0.0, 0.0, 0.0)),
    (b"no notebook at all", (0.0, 0.0, 0.0)),
    (None, None),  # nothing is handed in
]
NAMES = ("check-double", "check-mean", "words")


class Term:
    """A course, its ledger, and what is done with both."""

    def __init__(self, folder, students, assignments):
        self.course = make_course(folder, {}, config=TWO_A_DAY)
        shutil.rmtree(folder / "solutions" / "ps1")
        self.students = [f"s{number:02d}" for number in range(students)]
        self.assignments = [f"ps{number + 1}" for number in range(assignments)]
        for name in self.assignments:
            self.write(name, notebooks.course())
        self.ledger, self.gone, self.due = Ledger(), set(), {}
        self.course = Course(folder)

    def write(self, name, book):
        place = self.course.root / "solutions" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(notebooks.content(book))

    def run(self, *words):
        assert main(["--course", str(self.course.root), *map(str, words)]) == 0, words

    def grade(self, name):
        self.course = Course(self.course.root)
        return grade_class(self.course, name, Options(limits=QUICK, workers=2))

    def hours(self, student, number):
        """Give by how many hours a student is late: most aren't, and some are early."""
        return [-30, -1, 0, 0, 5, 24, 25, 49, 200][(7 * number + int(student[1:])) % 9]

    def hand_in(self, number, name):
        """Hand in and collect, from another platform each time."""
        files, worksheet = {}, ["Identifier,Full name,Last modified (submission)"]
        due = self.due[name]
        for place, student in enumerate(self.students):
            work, points = QUALITIES[(place + number) % len(QUALITIES)]
            if work is None or student in self.gone:
                continue
            content = work if isinstance(work, bytes) else notebooks.content(work)
            when = due + timedelta(hours=self.hours(student, number))
            path, timed = PLATFORMS[number % len(PLATFORMS)](name, student, place, when)
            files[path] = content
            stamp = f"{when:%A, %d %B %Y, %I:%M %p}"
            worksheet.append(f'Participant {1000 + place},First Last {student},"{stamp}"')
            late = self.hours(student, number) if timed or number % len(PLATFORMS) < 2 else 0
            machine = dict(zip(NAMES, points, strict=True))
            self.ledger[student, name] = Entry(machine, max(0.0, late))
        download = self.course.root.parent / f"{name}.zip"
        download.write_bytes(zipped(files))
        table = self.course.root.parent / "worksheet.csv"
        table.write_text("\n".join(worksheet))
        times = ["--times", table] if number % len(PLATFORMS) < 2 else []
        self.run("collect", name, download, *times)
        there = {path.parent.name for path in (self.course.root / "submitted").glob(f"*/{name}")}
        assert there == {student for student, each in self.ledger if each == name}

    def read_by_two(self, name):
        """Two graders read half of the answers each, in copies; one answer both read."""
        waiting = [
            s for (s, n), e in self.ledger.items() if n == name and e.machine["words"] is None
        ]
        other = self.course.root.parent / "second" / "gradebook.db"
        other.parent.mkdir(exist_ok=True)
        shutil.copy(self.course.root / "gradebook.db", other)
        second = Course(self.course.root)
        second.directory.db_url = f"sqlite:///{other}"
        half = len(waiting) // 2
        for course, mine in ((self.course, waiting[: half + 1]), (second, waiting[half:])):
            with open_gradebook(course) as gradebook:
                for student in mine:
                    row = gradebook.find_grade("words", name, name, student)
                    row.manual_score = 1.0 + (course is second) + 0.25 * (int(student[1:]) % 3)
                    row.needs_manual_grade = False
                    if course is self.course or student != waiting[half]:
                        self.ledger[student, name].people["words"] = row.manual_score
                gradebook.db.commit()
        self.run("merge", other)
        self.ledger.check(self.course)

    def check_export(self, name):
        self.run("export", "canvas", name, "--to", self.course.root / "out")
        text = (self.course.root / "out" / f"{name}-canvas.csv").read_text()
        rows = list(csv.reader(text.splitlines()))[2:]
        assert {row[3]: float(row[5]) for row in rows} == self.ledger.totals(name, self.gone)


def canvas(name, student, place, when):
    return f"last{student}first_{place + 70000}_{place + 1}_{name}-1.ipynb", False


def moodle(name, student, place, when):
    return f"First Last {student}_{place + 1000}_assignsubmission_file/{name}.ipynb", False


def blackboard(name, student, place, when):
    return f"Set {name}_{student}_attempt_{when:%Y-%m-%d-%H-%M-%S}_{name}.ipynb", True


def ilias(name, student, place, when):
    return f"{name}/Abgaben/Last{student}_First_{student}_{place + 300}/{name}.ipynb", False


def exchange(name, student, place, when):
    utc = f"{when.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S} UTC"
    return f"{student}+{name}+{utc}+x/{name}.ipynb", True


PLATFORMS = [canvas, moodle, blackboard, ilias, exchange]


@pytest.fixture(
    params=[(7, 2), pytest.param((60, 6), marks=pytest.mark.thorough)],
    ids=["seven students", "sixty students"],
)
def term(request, tmp_path):
    return Term(tmp_path / "course", *request.param)


def test_every_mark_of_a_term_is_accounted_for_at_every_step(term, tmp_path):
    course = term.course.root
    lines = ["Benutzername;Vorname;Nachname"]
    lines += [f"{student};First;Last {student}" for student in term.students]
    (tmp_path / "list.csv").write_bytes("\r\n".join(lines).encode("utf-16"))
    term.run("students", "import", tmp_path / "list.csv")
    for number, name in enumerate(term.assignments):
        # Over the change of clocks, 2026-10-25.
        term.due[name] = datetime(2026, 10, 24, 12, tzinfo=BERLIN) + timedelta(weeks=2 * number)
        term.run("due", name, f"{term.due[name]:%Y-%m-%d %H:%M}")
    for number, name in enumerate(term.assignments):
        term.hand_in(number, name)
        assert term.grade(name).judged == len(term.ledger.totals(name))
        term.ledger.check(term.course)
        term.read_by_two(name)
        term.check_export(name)
        if number == 0:
            extensions_and_a_withdrawal(term, name)
        if number == 1:
            a_change_with_hand_ins_there(term, name)
    a_student_is_renamed_and_hands_in_again(term, term.assignments[0])
    for name in term.assignments:
        again = term.grade(name)
        assert again.judged == 0
        term.ledger.check(term.course)
        term.check_export(name)
    next_year(term, course)


def extensions_and_a_withdrawal(term, name):
    late = [s for (s, n), e in term.ledger.items() if n == name and e.hours > 0]
    longest = max(late, key=lambda student: term.ledger[student, name].hours)
    term.run("extend", name, longest, "1 day")
    term.ledger[longest, name].hours = max(0, term.ledger[longest, name].hours - 24)
    term.ledger.check(term.course)
    end = term.due[name] + timedelta(hours=6)
    term.run("extend", name, "everybody", f"{end:%Y-%m-%d %H:%M}")
    for (student, each), entry in term.ledger.items():
        if each == name and student != longest:
            entry.hours = max(0.0, entry.hours - 6)
    term.ledger.check(term.course)
    left = next(student for student in late if student != longest)
    term.run("students", "withdraw", left)
    term.gone.add(left)
    assert left not in {result.student for result in term.grade(name).results}
    term.ledger.check(term.course)
    term.check_export(name)


def a_change_with_hand_ins_there(term, name):
    """One more test cell of one point, which a right mean_square passes; read answers stay read."""
    book = notebooks.course()
    more = notebooks.check("check-more", "assert mean_square(np.array([2.0, 2.0])) == 4.0", 1)
    book.cells.insert(-1, more)
    term.write(name, book)
    for (_, each), entry in term.ledger.items():
        if each == name:
            entry.machine["check-more"] = entry.machine["check-mean"] / 2
    summary = term.grade(name)
    assert summary.judged == len(term.ledger.totals(name))
    term.ledger.check(term.course)
    term.check_export(name)


def a_student_is_renamed_and_hands_in_again(term, name):
    graded = [(s, e) for (s, n), e in term.ledger.items() if n == name and s not in term.gone]
    old = next(student for student, entry in graded if entry.people)
    new = f"s9{old[1:]}"
    term.run("students", "rename", old, new)
    for student, each in [key for key in term.ledger if key[0] == old]:
        term.ledger[new, each] = term.ledger.pop((student, each))
    assert term.grade(name).judged == 0
    term.ledger.check(term.course)
    when = term.due[name] + timedelta(days=30)
    path, _ = blackboard(name, new, 0, when)
    better = notebooks.content(notebooks.answered(words="Because of another thing."))
    again = term.course.root.parent / "again.zip"
    again.write_bytes(zipped({path: better}))
    term.run("collect", name, again)
    assert term.grade(name).judged == 1
    entry = term.ledger[new, name]
    entry.machine, entry.hours = dict(zip(NAMES, (2.0, 2.0, None), strict=True)), 30 * 24
    term.ledger.check(term.course)  # the person's mark stays, to be read again
    with open_gradebook(term.course) as gradebook:
        assert gradebook.find_grade("words", name, name, new).needs_manual_grade
    term.run("collect", name, "--undo")
    assert os.listdir(term.course.root / "submitted" / new / name)
    term.run("collect", name, again)
    term.grade(name)


def next_year(term, course):
    term.run("archive", "make", "2026")
    term.run("archive", "clear", "2026")
    assert not (course / "gradebook.db").exists() and not (course / "submitted").exists()
    term.ledger, before = Ledger(), term.ledger
    term.run("students", "add", "s00")
    (course / "submitted" / "s00" / "ps1").mkdir(parents=True)
    good = notebooks.content(notebooks.answered(words="New."))
    (course / "submitted" / "s00" / "ps1" / "ps1.ipynb").write_bytes(good)
    assert term.grade("ps1").judged == 1
    term.ledger["s00", "ps1"] = Entry(dict(zip(NAMES, (2.0, 2.0, None), strict=True)))
    term.ledger.check(term.course)
    term.run("archive", "unpack", "2026", course.parent / "last year")
    term.ledger, term.course = before, Course(course.parent / "last year")
    term.ledger.check(term.course)

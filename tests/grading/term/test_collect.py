"""What platforms let one download is put where it is graded, and each thing left out is named."""

import os
import time
import zipfile

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.class_tables import Person
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.who import ClassList
from mlpkit.grading.job import CourseError
from mlpkit.grading.term import downloads
from mlpkit.grading.term.collect import collect
from mlpkit.grading.term.downloads import Names
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.term import platforms
from tests.grading.term.platforms import zipped

CONFIG = 'c.Term.timezone = "Europe/Berlin"\n'


def work(name):
    return notebooks.content(notebooks.answered(words=f"By {name}."))


@pytest.fixture
def course(tmp_path):
    book = notebooks.course()
    made = make_course(tmp_path / "course", {}, config=CONFIG)
    for name in ("ps1", "ps2"):
        place = made.root / "solutions" / name / f"{name}.ipynb"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(notebooks.content(book))
    (made.root / "solutions" / "ps1" / "sheet.ipynb").unlink()
    (made.root / "students.csv").write_bytes(platforms.PEOPLE.encode("cp1252"))
    return Course(made.root)


def handed_in(course):
    """Give what lies in submitted/: the worked file's author by student, and the timestamps."""
    authors, times = {}, {}
    for path in sorted((course.root / "submitted").glob("*/ps1")):
        files = [each for each in path.rglob("*") if each.is_file()]
        text = b"".join(each.read_bytes() for each in files)
        authors[path.parent.name] = text.partition(b"By ")[2].partition(b".")[0].decode()
        if (path / "timestamp.txt").exists():
            times[path.parent.name] = (path / "timestamp.txt").read_text()
    return authors, times


def download(course, files, utf8=True):
    place = course.root.parent / "download.zip"
    place.write_bytes(zipped(files, utf8))
    return place


@pytest.mark.parametrize("utf8", [True, False], ids=["UTF-8", "bytes alone"])
def test_canvas_by_number_and_by_name(course, utf8):
    said = "\n".join(collect(course, "ps1", download(course, platforms.canvas(work), utf8)))
    authors, times = handed_in(course)
    assert authors.pop("anna1") == ""  # a text and no notebook
    assert authors == {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill", "anna2": "anna2"}
    assert times == {}
    assert (course.root / "submitted" / "ada" / "ps1" / "ps1.ipynb").is_file()
    assert (course.root / "submitted" / "anna2" / "ps1" / "my notes_2_3.txt").is_file()
    for words in (
        "o_neill handed in a newer one",
        "schmidtanna_999_702_ps1.ipynb': anna1 and anna2 may be meant",
        "smithjohn_55_703_ps1.ipynb': nobody in the class is called",
        "anon_x8Qz1_704_ps1.ipynb': it was handed in without a name",
        "not by how much: ada",
    ):
        assert words in said


@pytest.mark.parametrize("utf8", [True, False], ids=["UTF-8", "bytes alone"])
def test_moodle_with_its_worksheet_and_without(course, utf8):
    archive = download(course, platforms.moodle(work), utf8)
    said = "\n".join(collect(course, "ps1", archive))
    authors, times = handed_in(course)
    assert authors == {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill"} and times == {}
    assert "anna1 and anna2 may be meant" in said and "'Group A'" in said
    assert (course.root / "submitted" / "ada" / "ps1" / "figures" / "a.png").is_file()
    worksheet = course.root.parent / "worksheet.csv"
    worksheet.write_text(platforms.WORKSHEET, encoding="utf-8")
    said = "\n".join(collect(course, "ps1", archive, times=worksheet))
    authors, times = handed_in(course)
    assert authors["anna1"] == "anna1" and authors["anna2"] == "anna2"
    assert times == {"ada": "2026-10-01 21:59:00 UTC", "anna2": "2026-10-02 06:00:00 UTC"}
    assert "worksheet.csv, line 3, o_neill" in said and "day and month" in said


GROUPS = {
    "in a folder": ("Group A-", "_assignsubmission_file/ps1.ipynb", True),
    "in the file's name": ("Tutorium 3-", "_assignsubmission_file_ps1.ipynb", True),
    "with a dash": ("Mon-2pm-", "_assignsubmission_file_/ps1.ipynb", True),
    "none: a first name of two": ("Marie-", "_assignsubmission_file/ps1.ipynb", False),
}


@pytest.mark.parametrize("group, end, taken", GROUPS.values(), ids=GROUPS)
def test_moodle_with_a_groups_name_in_front_of_several_students(course, group, end, taken):
    names = {"ada": "Ada Lovelace_4711", "jlu": "Jürg Müller-Lüdenscheidt_4712"}
    files = {f"{group}{name}{end}": work(who) for who, name in names.items()}
    if not taken:  # who isn't in the class
        files = {f"{group}Ada Lovelace_4711{end}": work("who")}
    said = "\n".join(collect(course, "ps1", download(course, files)))
    assert handed_in(course)[0] == (dict(zip(names, names, strict=True)) if taken else {})
    assert ("nobody in the class is called" in said) == (not taken)


def test_blackboard_with_times_in_the_courses_zone(course):
    said = "\n".join(collect(course, "ps1", download(course, platforms.blackboard(work))))
    authors, times = handed_in(course)
    assert authors == {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill"}
    assert times == {"ada": "2026-10-01 21:59:32 UTC", "o_neill": "2026-10-01 22:00:01 UTC"}
    for words in ("ada wrote with it: 'Sorry!'", "Left out of ada's 2 attempts: 2026-09-30",
                  "When jlu handed in can't be read", "has the id 'who'"):  # fmt: skip
        assert words in said


def test_ilias_by_the_login_in_the_folder(course):
    said = "\n".join(collect(course, "ps1", download(course, platforms.ilias(work))))
    authors, _ = handed_in(course)
    assert authors == {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill"}
    assert (course.root / "submitted" / "jlu" / "ps1" / "ps1.ipynb").is_file()
    for words in ("not by how much: jlu", "has the id 'smithj'", "Problem_Set_2.xlsx"):
        assert words in said


@pytest.mark.parametrize(
    "folder",
    [
        "Team 7/Lovelace_Ada_ada_311",
        "___________ada_311",
        "Abgaben/__Ada_ada_311",
        "ML_sheet_1_2026/O'N_A B_ada_3",
    ],
)
def test_ilias_writes_teams_and_leaves_strokes_of_other_scripts(course, folder):
    collect(course, "ps1", download(course, {f"{folder}/ps1.ipynb": work("ada")}))
    assert handed_in(course)[0] == {"ada": "ada"}


@pytest.mark.parametrize("how", ["folder", "zip"])
@pytest.mark.parametrize(
    ("files", "who", "times"),
    [
        (platforms.exchange, {"ada": "ada", "o_neill": "o_neill"},
         {"ada": "2026-10-01 21:59:32.250000 UTC", "o_neill": "2026-10-01 23:00:00 UTC"}),
        (platforms.folders, {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill", "anna1": "anna1"},
         {"ada": "2026-10-01 21:59:32 UTC"}),
    ],
    ids=["exchange", "folders"],
)  # fmt: skip
def test_folders_and_the_exchange(course, how, files, who, times):
    place = course.root.parent / "there"
    for name, content in files(work).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    if how == "zip":
        place = download(course, files(work))
    said = "\n".join(collect(course, "ps1", place))
    assert handed_in(course) == (who, times)
    assert "nobody" in said
    assert "(as before)" in "\n".join(collect(course, "ps1", place))


def test_what_lies_in_a_students_own_folder_is_theirs_whatever_its_name(course):
    names = [
        *("notes_1_2_x.txt", "a_ada_attempt_2026-10-01-10-00-00_b.txt"),
        *("B C_1_assignsubmission_file_x", "x_y_z_9/ps1.ipynb", "ben/more.txt"),
    ]
    files = {f"jlu/{name}": work("jlu") for name in names}
    collect(course, "ps1", download(course, files))
    kept = course.root / "submitted" / "jlu" / "ps1"
    assert {p.relative_to(kept).as_posix() for p in kept.rglob("*") if p.is_file()} == set(names)


def test_the_exchange_is_found_where_the_course_has_it(course, capsys):
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(f'c.Exchange.root = "{course.root.parent / "exchange"}"\n')
    inbound = course.root.parent / "exchange" / "tiny" / "inbound"
    words = ["--course", str(course.root), "collect", "ps1", "--exchange"]
    assert main(words) == 1 and "nothing was submitted" in capsys.readouterr().err
    for name, content in platforms.exchange(work).items():
        (inbound / name).parent.mkdir(parents=True, exist_ok=True)
        (inbound / name).write_bytes(content)
    assert main(words) == 0
    assert handed_in(course)[0] == {"ada": "ada", "o_neill": "o_neill"}


# What jlu (number 4711) calls a file, so that it looks like another platform's of ada (12345).
FORGED = [
    "ada_attempt_2027-10-02-10-00-00_ps1.ipynb",
    "x_ada_attempt_2027-10-02-10-00-00_ps1.ipynb",
    "lovelaceada_12345_99999_ps1.ipynb",
    "x_12345_assignsubmission_file_ps1.ipynb",
    "Ada Lovelace_12345_assignsubmission_file_ps1.ipynb",
    "Ada Lovelace_9_assignsubmission_file_/ps1.ipynb",
    "Lovelace_Ada_ada_311/ps1.ipynb",
    "ada+ps1+2027-10-01 21:59:32 UTC+MDAw/ps1.ipynb",
    "submitted/ada/ps1/ps1.ipynb",
]
OF_JLU = {
    "Canvas": ("lovelaceada_12345_678_ps1.ipynb", "jlu_4711_679_"),
    "Blackboard": (
        "Set 2_ada_attempt_2026-10-01-23-59-32_ps1.ipynb",
        "Set 2_jlu_attempt_2026-10-01-23-59-32_",
    ),
    "Moodle": (
        "Ada Lovelace_1_assignsubmission_file_/ps1.ipynb",
        "Jürg Müller-Lüdenscheidt_2_assignsubmission_file_/",
    ),
    "Moodle, flat": (
        "Ada Lovelace_1_assignsubmission_file_ps1.ipynb",
        "Jürg Müller-Lüdenscheidt_2_assignsubmission_file_",
    ),
    "ILIAS": ("Lovelace_Ada_ada_1/ps1.ipynb", "Mueller_Juerg_jlu_2/"),
    "folder": ("ada/ps1.ipynb", "jlu/"),
}


@pytest.mark.parametrize("platform", OF_JLU)
def test_no_name_that_a_student_gives_a_file_makes_it_anothers(platform):
    numbers = {"ada": "12345", "jlu": "4711"}
    people = ClassList(
        [
            Person("ada", "Ada", "Lovelace", numbers={"canvas_id": numbers["ada"]}),
            Person("jlu", "Jürg", "Müller-Lüdenscheidt", numbers={"canvas_id": numbers["jlu"]}),
        ]
    )
    adas, front = OF_JLU[platform]
    names = Names("ps1", [], people)
    names.learn([adas, *(front + name for name in FORGED)])
    assert names.claim(adas).student == "ada"
    flat = not front.endswith("/")
    for name in (name for name in FORGED if not (flat and "/" in name)):
        claim = names.claim(front + name)
        assert claim.student == "jlu", (platform, name, claim)
        assert "2027" not in claim.time


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Ada Lovelace_7_assignsubmission_file_/ps1.ipynb", {"moodle_id": "7"}),
        ("Ada Lovelace_7_assignsubmission_file_ps1.ipynb", {"moodle_id": "7"}),
        ("lovelaceada_7_678_ps1.ipynb", {"canvas_id": "7"}),
        ("lovelaceada_LATE_7_678_ps1.ipynb", {"lms_user_id": "7"}),
    ],
)
def test_a_file_whose_name_and_number_are_two_peoples_is_nobodys(name, numbers):
    jlu = Person("jlu", "Jürg", "Müller", numbers=numbers)
    people = ClassList([Person("ada", "Ada", "Lovelace"), jlu])
    claim = Names("ps1", [], people).claim(name)
    assert claim.student is None and "jlu" in claim.doubt and "ada" in claim.doubt


def test_a_number_of_another_system_says_nothing_of_moodles():
    jlu = Person("jlu", "Jürg", "Müller", numbers={"lms_user_id": "7"})
    people = ClassList([Person("ada", "Ada", "Lovelace"), jlu])
    for name in (
        "Ada Lovelace_7_assignsubmission_file_/ps1.ipynb",
        "Ada Lovelace_7_assignsubmission_file_a",
    ):
        assert Names("ps1", [], people).claim(name).student == "ada"


NAMED = {
    "Google Classroom": ("Ada Lovelace - ps1.ipynb", "Ada Lovelace - ps1.ipynb"),
    "Google Classroom, a copy": ("Copy of ps1 - Ada Lovelace.ipynb",) * 2,
    "GitHub Classroom": ("ps1-submissions/ps1-ada/ps1.ipynb", "ps1.ipynb"),
    "Sakai": ("ps1/Lovelace, Ada(ada)/Submission attachment(s)/ps1.ipynb",
              "Submission attachment(s)/ps1.ipynb"),
    "Brightspace": ("10001-20001 - Ada Lovelace - Oct 1, 2026 1159 PM/ps1.ipynb", "ps1.ipynb"),
    "Teams": ("Submitted files/Ada Lovelace/ps1/Version 1/ps1.ipynb", "Version 1/ps1.ipynb"),
    "last name first": ("Lovelace, Ada/ps1.ipynb", "ps1.ipynb"),
    "a name in brackets": ("ps1 (Ada Lovelace).ipynb", "ps1 (Ada Lovelace).ipynb"),
    "the last name first, in brackets": ("ps1 (Lovelace Ada)/a.ipynb", "a.ipynb"),
    "an address in brackets": ("ps1 (ada@example.org).ipynb", "ps1 (ada@example.org).ipynb"),
    "an address": ("ada@example.org.ipynb", "ada@example.org.ipynb"),
    "in a folder that looks like ILIAS'": ("ML_sheet_1_2026/ada/ps1.ipynb", "ps1.ipynb"),
    "behind the assignment": ("ps1_Ada Lovelace.ipynb", "ps1_Ada Lovelace.ipynb"),
    "before it": ("Lovelace_Ada_ps1.ipynb", "Lovelace_Ada_ps1.ipynb"),
    "a folder behind it": ("ps1 - Ada_Lovelace/a.ipynb", "a.ipynb"),
    "unpacked once more": ("Ada Lovelace (1)/ps1.ipynb", "ps1.ipynb"),
}  # fmt: skip


@pytest.mark.parametrize("name, file", NAMED.values(), ids=NAMED)
def test_a_folder_or_file_named_for_one_student_is_theirs(name, file):
    jlu = Person("jlu", "Jürg", "Müller", "j@example.org")
    people = ClassList([Person("ada", "Ada", "Lovelace", "ada@example.org"), jlu])
    claim = Names("ps1", ["ps0"], people).claim(name)
    assert (claim.student, claim.file, claim.doubt) == ("ada", file, "")


@pytest.mark.parametrize(
    "name",
    [
        "Anna Schmidt/ps1.ipynb",
        "Anna Schmidt/Ada Lovelace/ps1.ipynb",
        "Anna Schmidt - ps1.ipynb",
        "x/10001-2 - Anna Schmidt - Oct 1, 2026 1159 PM/ada/ps1.ipynb",
        "Ada Lovelace - Anna Schmidt.ipynb",
    ],
)
def test_a_name_that_several_have_is_nobodys_whatever_lies_below(name):
    people = ClassList(
        [
            Person("ada", "Ada", "Lovelace"),
            Person("anna1", "Anna", "Schmidt"),
            Person("anna2", "Anna", "Schmidt"),
        ]
    )
    claim = Names("ps1", [], people).claim(name)
    assert claim.student is None
    assert "may be meant by" in claim.doubt


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace/jlu/ps1.ipynb", "Ada Lovelace/Jürg Müller/ps1.ipynb", "ps1-ada/jlu/ps1.ipynb"],
)
def test_the_uppermost_folder_that_names_somebody_says_whose_it_is(name):
    people = ClassList([Person("ada", "Ada", "Lovelace"), Person("jlu", "Jürg", "Müller")])
    assert Names("ps1", [], people).claim(name).student == "ada"


@pytest.mark.parametrize(
    "others",
    [["ada/ps2/ps2.ipynb"], ["ps2/jlu.ipynb"], ["ada/ps2/a.py", "jlu/PS2/ps2.ipynb"]],
    ids=["a student's", "of all", "two"],
)
def test_what_lies_in_another_assignments_folder_is_named_once(course, others):
    files = dict.fromkeys(["ada/ps1/ps1.ipynb", *others, "ada/ps2/.DS_Store"], work("ada"))
    said = [line for line in collect(course, "ps1", download(course, files)) if "other" in line]
    assert len(said) == 1
    assert all(repr(name) in said[0] for name in others)
    assert "DS_Store" not in said[0]


@pytest.mark.parametrize(
    ("owners", "taken"),
    [
        ({"ada": "jlu", "o_neill": "o_neill"}, {"o_neill": "o_neill"}),
        ({"ada": "ada", "o_neill": "ada"}, {"ada": "ada"}),
        ({"ada": "jlu", "o_neill": "anna1"}, {}),
        ({"ada": "jovyan", "o_neill": "root"}, {"ada": "ada", "o_neill": "o_neill"}),
        ({"ada": "", "o_neill": ""}, {"ada": "ada", "o_neill": "o_neill"}),
    ],
)
def test_a_folder_in_the_exchange_that_another_student_made_is_not_taken(
    course, monkeypatch, owners, taken
):
    place = course.root.parent / "inbound"
    for name, content in platforms.exchange(work).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    monkeypatch.setattr(
        "mlpkit.grading.term.entries.owner_of",
        lambda path: owners.get(os.path.basename(path).partition("+")[0], ""),
    )
    said = "\n".join(collect(course, "ps1", place))
    assert handed_in(course)[0] == taken
    for student in {"ada", "o_neill"} - set(taken):
        assert f"it names {student}, but is {owners[student]}'s" in said


@pytest.mark.parametrize("more", [1, 5, 40])
def test_no_number_of_files_hides_what_others_handed_in(course, monkeypatch, more):
    monkeypatch.setattr("mlpkit.grading.term.entries.MOST", 10)
    files = {f"ada/{n}.txt": b"" for n in range(9 + more)} | {"jlu/ps1.ipynb": work("jlu")}
    files["many.zip"] = zipped({f"o_neill/{n}.txt": b"" for n in range(10 + more)})
    said = "\n".join(collect(course, "ps1", download(course, files)))
    assert handed_in(course)[0]["jlu"] == "jlu"
    assert f"'many.zip': it has {10 + more} files, more than 10" in said


@pytest.mark.parametrize("where", [".", "..", "autograded", "autograded/ada", "solutions"])
def test_the_courses_own_folders_are_no_download(course, where):
    collect(course, "ps1", download(course, {"ada/ps1/ps1.ipynb": work("ada")}))
    (course.root / "autograded/ada/ps1").mkdir(parents=True)
    (course.root / "autograded/ada/ps1/ps1.ipynb").write_bytes(work("the judge"))
    with pytest.raises(CourseError, match="the course's own files"):
        collect(course, "ps1", course.root / where)
    assert handed_in(course)[0] == {"ada": "ada"}


@pytest.mark.parametrize(
    "names",
    [["a/ada/ps1.ipynb", "b/ada/ps1.ipynb"], ["ada/ps1.ipynb", "ada/ps1/ps1.ipynb"],
     ["x/ada.ipynb", "y/ada.ipynb"]],
)  # fmt: skip
def test_of_two_files_of_one_name_it_is_said_which_was_taken_and_not_which_is_newer(course, names):
    said = collect(course, "ps1", download(course, {name: work(name) for name in names}))
    (left,) = [line for line in said if line.startswith("Not taken")]
    assert "newer" not in left
    assert all(repr(name) in left for name in names)


def test_zips_in_zips_and_what_is_no_download(course):
    inner = zipped(platforms.moodle(work))
    twice = zipped({"monday/a.zip": zipped({"b.zip": inner}), "bad.zip": b"PK\x03\x04 cut off"})
    place = course.root.parent / "all.zip"
    place.write_bytes(twice)
    said = "\n".join(collect(course, "ps1", place))
    assert handed_in(course)[0] == {"ada": "ada", "jlu": "jlu", "o_neill": "o_neill"}
    assert "'bad.zip'" in said


def test_names_that_lead_elsewhere_and_links_are_not_followed(course, tmp_path):
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("ada/../../../../escaped.ipynb", work("ada"))
        link = zipfile.ZipInfo("jlu/ps1.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("o_neill/\x1b[2J.ipynb", work("o_neill"))
    said = "\n".join(collect(course, "ps1", evil))
    inside = course.root / "submitted" / "ada" / "ps1" / "escaped.ipynb"
    assert list(tmp_path.rglob("escaped.ipynb")) == [inside]
    assert "it is a link" in said and "can't be used here" in said
    assert set(handed_in(course)[0]) <= {"ada"}
    place = tmp_path / "links"
    (place / "ada").mkdir(parents=True)
    os.symlink("/etc/passwd", place / "ada" / "ps1.ipynb")
    assert "link" in "\n".join(collect(course, "ps1", place))


def test_the_newest_counts_what_was_there_is_kept_and_an_undo_brings_it_back(course, capsys):
    def words(*more):
        assert main(["--course", str(course.root), "collect", "ps1", *map(str, more)]) == 0
        return capsys.readouterr().out

    first = download(course, {"Lovelace_Ada_ada_1/ps1.ipynb": work("first")})
    assert "Would collect for ps1: 1 new" in words(first, "--look")
    assert handed_in(course) == ({}, {})
    words(first)
    assert "1 as before" in words(first)
    second = download(course, {"x_ada_attempt_2026-10-02-10-00-00_ps1.ipynb": work("second")})
    assert "1 replaced" in words(second)
    older = download(course, {"x_ada_attempt_2026-10-01-10-00-00_ps1.ipynb": work("older")})
    assert "handed in later" in words(older)
    assert handed_in(course)[0] == {"ada": "second"}
    words("--undo")
    assert handed_in(course)[0] == {"ada": "first"}
    assert len(list((course.root / "replaced").rglob("ps1.ipynb"))) == 1
    assert main(["--course", str(course.root), "collect", "ps1", "--undo"]) == 1


def test_a_collecting_can_be_taken_back_after_a_rename(course):
    for number, when in enumerate(("2026-10-01", "2026-10-02")):
        files = {f"x_ada_attempt_{when}-10-00-00_ps1.ipynb": work(f"work{number}")}
        collect(course, "ps1", download(course, files))
    words = ["--course", str(course.root)]
    assert main([*words, "students", "rename", "ada", "lovelace"]) == 0
    assert handed_in(course)[0] == {"lovelace": "work1"}
    assert main([*words, "collect", "ps1", "--undo"]) == 0
    assert handed_in(course)[0] == {"lovelace": "work0"}
    files = {"x_ada_attempt_2026-10-03-10-00-00_ps1.ipynb": work("work3")}
    collect(Course(course.root), "ps1", download(course, files))
    assert handed_in(course)[0] == {"lovelace": "work3"}


def test_canvas_counts_what_is_handed_in_so_an_older_download_takes_nothing_back(course):
    new = {"lovelaceada_12345_900_ps1-1.ipynb": work("new")}
    old = {"lovelaceada_12345_800_ps1.ipynb": work("old")}
    collect(course, "ps1", download(course, new))
    assert "handed in later" in "\n".join(collect(course, "ps1", download(course, old)))
    assert handed_in(course)[0] == {"ada": "new"}
    newest = {"lovelaceada_12345_901_ps1-2.ipynb": work("newest")}
    collect(course, "ps1", download(course, newest))
    assert handed_in(course)[0] == {"ada": "newest"}


@pytest.mark.parametrize(
    ("file", "said"),
    [("cut.zip", "no zip, or was cut off"), ("nothing.zip", "No such file"), (None, "class list")],
)
def test_a_download_that_is_none_is_said_in_two_lines(course, capsys, file, said):
    place = course.root.parent / (file or "good.zip")
    if file != "nothing.zip":
        place.write_bytes(zipped({"ada/ps1.ipynb": b"{}"})[: 60 if file else None])
    if file is None:
        (course.root / "students.csv").unlink()
    assert main(["--course", str(course.root), "collect", "ps1", str(place)]) == 1
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 2


@pytest.mark.parametrize("piece", ["_", "a_", "_1", "-", "+", "_attempt_"])
def test_no_name_of_a_file_holds_collecting_up(piece):
    name = "ada" + piece * (4000 // len(piece)) + "!"
    start = time.process_time()
    for pattern in (*downloads.FLAT, downloads.ILIAS, downloads.EXCHANGE):
        pattern.fullmatch(name)
    assert time.process_time() - start < 1

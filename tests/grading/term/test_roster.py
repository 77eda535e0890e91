"""The class list is read as programs write it; a rename or a withdrawal loses nobody's work."""

import csv

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.class_tables import Person, read_class
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.roll import class_of
from mlpkit.grading.course.who import ClassList, keys
from mlpkit.grading.insight import report
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import grade, make_course, marks, open_gradebook
from tests.grading.term.marked import make_marked_course

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org")
JLU = Person("jlu", "Jürg", "Müller", "j@example.org")
LISTS = {
    "the kit's own": "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\n"
    "jlu,Jürg,Müller,j@example.org\n",
    "Excel, German": "\ufeffVorname;Nachname;Benutzername;E-Mail\r\n"
    "Ada;Lovelace;ada;ada@example.org\r\n\r\n Jürg ;Müller; jlu ;j@example.org\r\n;;;\r\n",
    "Excel's first line": 'sep=;\r\nID;"First name";Surname;"Email address"\r\n'
    'ada;Ada;Lovelace;ada@example.org\r\njlu;"Jürg";Müller;j@example.org\r\n',
    "a title above": "Members of the course, winter 2026;;;\n\nLogin;First name;Last name;E-mail\n"
    "ada;Ada;Lovelace;ada@example.org\njlu;Jürg;Müller;j@example.org\n",
    "old Macintosh": "id,first_name,last_name,email\rada,Ada,Lovelace,ada@example.org\r"
    "jlu,Jürg,Müller,j@example.org\r",
    "Blackboard": '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Email"\n'
    '"Lovelace"\t"Ada"\t"ada"\t"1"\t"ada@example.org"\n'
    '"Müller"\t"Jürg"\t"jlu"\t"2"\t"j@example.org"\n',
    "ILIAS": "Login|Nachname|Vorname|E-Mail|Matrikelnummer\nada|Lovelace|Ada|ada@example.org|1\n"
    "jlu|Müller|Jürg|j@example.org|2\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_as_programs_write_it(name, encoding):
    text = LISTS[name] if encoding != "cp1252" else LISTS[name].lstrip("\ufeff")
    people, left_out = read_class(text.encode(encoding))
    assert (people, left_out) == ([ADA, JLU], [])


SHIFTED = {
    "a name with a comma": (
        "Full name,Username,Email\nLovelace, Ada,ada,ada@example.org\njlu,jlu,\n",
        "'ada@example.org' the first",
    ),
    "a name with a comma, escaped": (
        "id,first_name,last_name,email\nada,Ada,Lovelace\\, Countess,a@b.c\njlu,J,M,\n",
        "'a@b.c' the first",
    ),
    "a note with semicolons": (
        "login;Vorname;Nachname\nada;Ada;Lovelace;ill; again\njlu;J;M;;\n",
        "'ill' the first",
    ),
}


@pytest.mark.parametrize("text, said", SHIFTED.values(), ids=SHIFTED)
def test_a_row_with_more_fields_than_columns_is_nobody_and_named(text, said):
    people, left_out = read_class(text.encode())
    assert [each.id for each in people] == ["jlu"]
    assert len(left_out) == 1
    assert "Line 2 was left out: it has more fields" in left_out[0]
    assert said in left_out[0]


@pytest.mark.parametrize("number", ["1.23457E+11", "1,2E+08", "2026001.0", "2026001,00"])
def test_a_number_that_a_spreadsheet_has_changed_is_nobodys_id(number):
    people, left_out = read_class(f"id;first_name\n{number};Ada\njlu;J\n".encode())
    assert [each.id for each in people] == ["jlu"]
    assert repr(number) in left_out[0]
    assert "spreadsheet" in left_out[0]


@pytest.mark.parametrize("field", ['="00123"', '"=""00123"""', "00123"])
def test_a_number_that_was_kept_as_a_text_is_the_id_with_its_zeros(field):
    people, _ = read_class(f"id,first_name\n{field},Ada\n".encode())
    assert people[0].id == "00123"


HEADS = {
    "French": "Identifiant;Nom;Prénom;Adresse de courriel\nada;Lovelace;Ada;ada@example.org\n",
    "Spanish": "Nombre de usuario,Apellido(s),Nombre,Dirección de correo\n"
    "ada,Lovelace,Ada,ada@example.org\n",
    "Italian": "Nome utente,Cognome,Nome,Indirizzo email\nada,Lovelace,Ada,ada@example.org\n",
    "Dutch": "Gebruikersnaam;Voornaam;Achternaam;E-mailadres\nada;Ada;Lovelace;ada@example.org\n",
    "Stud.IP": "Titel;Vorname;Nachname;Nutzernamen;E-Mail;Matrikelnummer\n"
    ";Ada;Lovelace;ada;ada@example.org;7\n",
    "Swedish": "Användarnamn;Förnamn;Efternamn;E-post\nada;Ada;Lovelace;ada@example.org\n",
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Email\n"
    "#7,#ada,Lovelace,Ada,ada@example.org\n",
    "Chinese": "学号,姓,名,邮箱\nada,Lovelace,Ada,ada@example.org\n",
}


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
def test_columns_are_known_in_the_languages_of_the_platforms(text):
    assert read_class(text.encode("utf-8-sig")) == ([ADA], [])


@pytest.mark.parametrize("heads", ["Jméno;Příjmení", "Ad;Soyad", "Etunimi;Sukunimi"])
def test_names_in_a_language_that_is_not_known_are_said_to_be_left(heads):
    people, left_out = read_class(f"id;{heads}\nada;Ada;Lovelace\n".encode())
    assert people == [Person("ada")]
    unknown = ", ".join(heads.casefold().split(";"))
    assert left_out == [f"No column is known to hold names: there are {unknown}."]


@pytest.mark.parametrize("name", ["Jürg Müller", "Ömer Çelik", "Zoë Nuñez"])
def test_a_list_of_an_old_macintosh_has_its_letters(name):
    first, last = name.split()
    content = f"login;Vorname;Nachname\rada;{first};{last}\r".encode("mac_roman")
    assert read_class(content)[0] == [Person("ada", first, last)]


def test_canvas_list_keeps_canvas_numbers_and_no_rows_that_are_nobodys():
    people, left_out = read_class(
        b'"Student","ID","SIS User ID","SIS Login ID","Section","ps1 (77)"\r\n'
        b'"    Points Possible","","","","","7"\r\n'
        b'"Lovelace, Ada","12345","S1","ada","A","3.5"\r\n'
        b'"Student, Test","99","","f00","A",""\r\n'
        b'"Nobody, Ann","100","","","A",""\r\n'
    )
    numbers = {"canvas_id": "12345", "sis_user_id": "S1"}
    assert people == [Person("ada", "Ada", "Lovelace", "", numbers)]
    assert left_out == ["Line 5 was left out: Nobody, Ann has no id."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"id\n", "no rows"),
        (b"PK\x03\x04...", "workbook"),
        (b"First name,Surname\nAda,Lovelace\n", "--id-column"),
        (b"id,ID\nada,1\n", "several columns id"),
        (b'id,name\n"ada,Lovelace\nben,B\n', "no row of a table"),
    ],
)
def test_what_is_no_list_is_said(content, said):
    with pytest.raises(CourseError, match=said):
        read_class(content)


@pytest.mark.parametrize(
    "text, ids",
    [
        ("id,name\nada,A\nid,name\nben,B\n", ["ada", "ben"]),
        ("Login;Nachname\nada;A\n LOGIN ; nachname\nben;B\n", ["ada", "ben"]),
        ('"id","name"\nada,A\nid,name\nid,name\n', ["ada"]),
    ],
)
def test_heads_in_the_middle_are_nobody(text, ids):
    people, left_out = read_class(text.encode())
    assert ([each.id for each in people], left_out) == (ids, [])


@pytest.mark.parametrize("letter", ["a", "ä", "王"])
def test_an_id_that_is_too_long_for_a_folder_is_left_out_and_named(letter):
    people, left_out = read_class(f"id\n{letter * 201}\nben\n".encode())
    assert [each.id for each in people] == ["ben"]
    assert "Line 2 was left out" in left_out[0] and "too long" in left_out[0]


@pytest.mark.parametrize("text", ["ada,Ada,L,a@x\nben,Ben,B,b@x\n", "a;a\nb;c\n", "1\t1\n2\t2\n"])
def test_of_a_list_without_heads_it_is_said(text):
    with pytest.raises(CourseError, match=r"names no column|--id-column"):
        read_class(text.encode())


ALIKE = {
    "one address": ("id,email\nada,x@y.org\nben,X@Y.org\n", "With one address: ada and ben."),
    "three": ("id,email\nada,x@y\nben,x@y\ncay,x@y\n", "With one address: ada, ben and cay."),
    "case": ("id\nada\nADA\n", "With ids that differ only in case: ada and ADA."),
    "nothing": ("id,email\nada,\nben,\n", ""),
}


@pytest.mark.parametrize("text, said", ALIKE.values(), ids=ALIKE)
def test_who_can_be_taken_for_one_another_is_said_at_the_import(tmp_path, capsys, text, said):
    course = make_course(tmp_path, {})
    (tmp_path / "list.csv").write_text(text)
    told = run(course, capsys, "students", "import", str(tmp_path / "list.csv"))
    assert said in told and ("With " in told) == bool(said)


FORMERLY = {
    "nobody": ("id,formerly\nada,\nben,\n", {}),
    "two earlier ones": ("id,formerly\nada,a1|a2\n", {"a1": "ada", "a2": "ada"}),
    "another's now": ("id,formerly\nada,ben\nben,\n", {}),
    "exchanged": ("id,formerly\nada,ben\nben,ada\n", {}),
    "two had it": ("id,formerly\nada,x\nben,x|y\n", {"y": "ben"}),
    "nobody at all": ("id,formerly\n", {}),
}


@pytest.mark.parametrize("text, wanted", FORMERLY.values(), ids=FORMERLY)
def test_an_earlier_id_means_one_student_or_none(tmp_path, text, wanted):
    (tmp_path / "students.csv").write_text(text)
    assert formerly(read_students(tmp_path)) == wanted


OLD = {
    "extend": (["extend", "ps1", "ben", "2 days"], "ps1, benny: 2 days"),
    "withdraw": (["students", "withdraw", "ben"], "benny is withdrawn"),
    "grade": (["grade", "ps1", "--student", "ben"], "benny "),
    "rename": (["students", "rename", "ben", "b2"], "benny is b2 now"),
    "rename twice": (["students", "rename", "ben", "benny"], "benny has this id already"),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("words, said", OLD.values(), ids=OLD)
def test_a_command_knows_who_is_meant_by_an_earlier_id(tmp_path, capsys, words, said):
    course = make_course(tmp_path, {"ben": notebooks.answered()})
    (tmp_path / "students.csv").write_text("id\nben\n")
    run(course, capsys, "due", "ps1", "2026-10-01 23:59")
    run(course, capsys, "students", "rename", "ben", "benny")
    assert said in run(course, capsys, *words)


def test_ids_that_can_be_no_folder_are_left_out_and_named():
    people, left_out = read_class(b"id\nada\n../x\n.hid\nada\n")
    assert [each.id for each in people] == ["ada"]
    assert len(left_out) == 3 and "line" in left_out[0].lower()


@pytest.mark.parametrize(
    ("name", "written"),
    [("Jürg Müller", "JuergMueller"), ("Jürg Müller", "jurg muller"), ("Seán O'Neill", "oneill"),
     ("Anna-Lena Weiß", "annalenaweiss"), ("Łukasz Ångström", "łukaszangstrom")],
)  # fmt: skip
def test_a_name_is_known_without_its_accents(name, written):
    found = keys(name) & keys(written)
    assert found or written == "oneill"


def run(course, capsys, *words, status=0):
    assert main(["--course", str(course.root), *words]) == status
    said = capsys.readouterr()
    return said.out + said.err


def reported(course):
    paths = report.write_report(Course(course.root), "ps1", course.root / "reports")
    rows = {}
    for path in paths:
        if path.suffix == ".csv":
            rows[path.stem] = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    return paths[0].read_text("utf-8"), rows


@pytest.mark.sandbox
def test_a_class_changes_and_nothing_of_anybodys_is_lost(tmp_path, capsys):
    good = notebooks.answered(words="Because.")
    course = make_course(tmp_path, {"ada": good, "ben": good, "dora": good})
    (tmp_path / "list.csv").write_bytes(b"id;last_name\nada;L\nben;B\ndora;D\nzoe;Z\n")
    assert "4 students" in run(course, capsys, "students", "import", str(tmp_path / "list.csv"))
    grade(course)
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("words", "sheet", "ps1", "ben").manual_score = 2.5
        gradebook.db.commit()
    before = marks(course)
    assert "ben is benny now" in run(course, capsys, "students", "rename", "ben", "benny")
    moved = {("benny" if student == "ben" else student, cell): mark
             for (student, cell), mark in before.items()}  # fmt: skip
    assert marks(course) == moved
    again = grade(Course(tmp_path))
    assert (again.judged, again.kept) == (0, 3) and marks(course) == moved
    assert {each.id for each in read_students(tmp_path)} == {"ada", "benny", "dora", "zoe"}
    # The platform goes on writing the old id.
    again = run(course, capsys, "students", "import", str(tmp_path / "list.csv"))
    assert "new" not in again and "still in the class" not in again
    assert ClassList(class_of(course)).by_id("ben") == ("benny", "")
    assert (tmp_path / "autograded" / "benny" / "ps1" / "sheet.ipynb").is_file()
    assert "dora is withdrawn" in run(course, capsys, "students", "withdraw", "dora")
    assert "nothing was changed" in run(course, capsys, "students", "withdraw", "dora")
    summary = grade(Course(tmp_path))
    assert [each.student for each in summary.results] == ["ada", "benny"]
    assert summary.warnings == ["Withdrawn, and not graded: dora."]
    page, rows = reported(course)
    assert "dora" not in page and "dora" not in str(rows)
    assert marks(course) == moved  # and nothing is lost
    run(course, capsys, "students", "return", "dora")
    assert "dora" in str(reported(course))
    assert len(grade(Course(tmp_path)).results) == 3 and marks(course) == moved


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rename", "nobody", "x"], "No student 'nobody'"),
        (["rename", "ada", "ben"], "There is a student 'ben'"),
        (["rename", "ada", "a/b"], "can't be a student's id"),
        (["withdraw", "nobody"], "No student 'nobody'"),
        (["return", "ada"], "isn't withdrawn"),
        (["add", "../x"], "can't be a student's id"),
        (["import", "nowhere.csv"], "can't be read"),
    ],
)
def test_what_can_not_be_done_changes_nothing(tmp_path, capsys, words, said):
    course = make_course(tmp_path, {"ada": b"", "ben": b""})
    (tmp_path / "students.csv").write_text("id\nada\nben\n")
    told = run(course, capsys, "students", *words, status=1)
    assert said in told and len(told.splitlines()) == 2
    assert sorted(path.name for path in (tmp_path / "submitted").iterdir()) == ["ada", "ben"]


def test_a_new_list_keeps_who_is_missing_and_names_them(tmp_path, capsys):
    course = make_course(tmp_path, {})
    (tmp_path / "one.csv").write_text("id,first_name,canvas_id\nada,Ada,12\nben,Ben,13\n")
    (tmp_path / "two.csv").write_text("id,first_name,last_name\nada,Ada,Lovelace\ncay,Cay,C\n")
    run(course, capsys, "students", "import", str(tmp_path / "one.csv"))
    told = run(course, capsys, "students", "import", str(tmp_path / "two.csv"))
    assert "still in the class: ben" in told and "cay" in told
    ada = {each.id: each for each in read_students(tmp_path)}["ada"]
    assert (ada.last_name, ada.numbers) == ("Lovelace", {"canvas_id": "12"})
    again = run(course, capsys, "students", "import", str(tmp_path / "two.csv"))
    assert "new:" not in again and "before:" not in again


@pytest.mark.parametrize(
    "words",
    [
        ("students", "add", "ada", "--first-name", "Ada"),
        ("students", "import", "list.csv"),
        ("students", "import", "other.csv"),
    ],
    ids=["added", "imported", "among others"],
)
def test_who_is_withdrawn_and_listed_again_is_named(tmp_path, capsys, words):
    make_course(tmp_path, {})
    (tmp_path / "list.csv").write_text("id,first_name\nada,Ada\n")
    (tmp_path / "other.csv").write_text("id,first_name\neve,Eve\nada,Ada\n")
    given = [str(tmp_path / word) if word.endswith(".csv") else word for word in words]
    main(["--course", str(tmp_path), "students", "import", str(tmp_path / "list.csv")])
    main(["--course", str(tmp_path), "students", "withdraw", "ada"])
    capsys.readouterr()
    assert main(["--course", str(tmp_path), *given]) == 0
    assert "Withdrawn, and not graded: ada." in capsys.readouterr().out


def test_what_an_instructor_noted_in_the_list_stays(tmp_path, capsys):
    course = make_course(tmp_path, {})
    (tmp_path / "students.csv").write_text("id,first_name,lms_user_id,Group\nada,Ada,77,B\n")
    run(course, capsys, "students", "add", "ben")
    run(course, capsys, "students", "rename", "ada", "lovelace")
    (row, _) = sorted(
        csv.DictReader((tmp_path / "students.csv").read_text().splitlines()),
        key=lambda row: row["id"] != "lovelace",
    )
    assert (row["group"], row["lms_user_id"], row["formerly"]) == ("B", "77", "ada")
    assert ClassList(class_of(course)).by_number("canvas", "77") == ("lovelace", "")


LOST = {
    "twice": ("ada,M", "'ada' was there already"),
    "without an id": (",Lovelace", "Lovelace has no id"),
    "a number of a spreadsheet's": ("1.2E+05,L", "a spreadsheet has made"),
}


@pytest.mark.parametrize("row, said", LOST.values(), ids=LOST)
def test_a_row_of_the_courses_own_list_that_is_nobody_is_named(tmp_path, capsys, row, said):
    course = make_marked_course(tmp_path / "course", ["ada"])
    (course.root / "students.csv").write_text(f"id,last_name\nada,L\n{row}\n")
    for words in ([], ["add", "cay"]):
        told = run(course, capsys, "students", *words)
        assert "students.csv: Line 3 was left out" in told and said in told
    assert "left out" not in run(course, capsys, "students")


@pytest.mark.parametrize(
    "content", [b"ada,L\nben,B\n", "id,name\nada,王小明\n".encode("gbk"), b"PK\3\4"]
)
def test_of_the_courses_own_list_that_is_none_the_name_is_said(tmp_path, capsys, content):
    course = make_marked_course(tmp_path / "course", ["ada"])
    (course.root / "students.csv").write_bytes(content)
    assert run(course, capsys, "students", status=1).startswith("students.csv: ")


UNDONE = {
    "to no list": ("", {"zed"}),
    "to a list": ("id,last_name\neve,E\n", {"eve", "zed"}),
    "to a list with the same": ("id,last_name\nzoe,Y\n", {"zed"}),
}


@pytest.mark.parametrize("before, wanted", UNDONE.values(), ids=UNDONE)
def test_an_import_taken_back_after_a_rename_loses_nobody(tmp_path, capsys, before, wanted):
    course = make_marked_course(tmp_path / "course", ["zoe"])
    if before:
        (course.root / "students.csv").write_text(before)
    (tmp_path / "list.csv").write_text("id,last_name\nzoe,Z\nnew,N\n")
    run(course, capsys, "students", "import", str(tmp_path / "list.csv"))
    run(course, capsys, "students", "rename", "zoe", "zed")
    assert "1 students are out again" in run(course, capsys, "students", "undo")
    assert {each.id for each in class_of(course)} == wanted
    assert ClassList(class_of(course)).by_id("zoe") == ("zed", "")


@pytest.mark.parametrize(
    "words",
    [
        ["rename zoe zed", "import"],
        ["rename zoe zed", "import", "rename zed zip"],
        ["import", "rename zoe zed"],
        ["import", "rename zoe zed", "rename zed zoe"],
    ],
)
def test_an_import_taken_back_gives_a_renamed_student_the_name_from_before(tmp_path, capsys, words):
    course = make_marked_course(tmp_path / "course", ["zoe"])
    (course.root / "students.csv").write_text("id,first_name,last_name\nzoe,Zoë,Z\n")
    (tmp_path / "list.csv").write_text("id,first_name\nzoe,Other\n")
    for each in words:
        file = [str(tmp_path / "list.csv")] if each == "import" else []
        run(course, capsys, "students", *each.split(), *file)
    assert "is as it was before" in run(course, capsys, "students", "undo")
    (person,) = class_of(course)
    assert (person.id, person.name) == (words[-1].split()[-1].replace("import", "zed"), "Zoë Z")


def test_an_import_can_be_taken_back_but_for_who_has_handed_in(tmp_path, capsys):
    course = make_marked_course(tmp_path / "course", ["ada"])
    (tmp_path / "one.csv").write_text("id,last_name\nada,Lovelace\nben,B\n")
    (tmp_path / "two.csv").write_text("id,last_name\nada,Wrong\ncay,C\n")
    run(course, capsys, "students", "undo", status=1)
    run(course, capsys, "students", "import", str(tmp_path / "one.csv"))
    before = (course.root / "students.csv").read_bytes()
    run(course, capsys, "students", "import", str(tmp_path / "two.csv"))
    assert "1 students are out" in run(course, capsys, "students", "undo")
    assert (course.root / "students.csv").read_bytes() == before
    people = {each.id: each.last_name for each in class_of(course)}
    assert people == {"ada": "Lovelace", "ben": "B"}
    run(course, capsys, "students", "undo", status=1)

"""Class lists as Excel and the platforms write them: who is in them, and by which numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mlpkit.grading.course.naming import names_a_folder, one_form
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.decoding import NoTable
from mlpkit.grading.text.tables import Row, plain, read_table

HEAD = ("id", "first_name", "last_name", "email")
# Numbers by which the platforms know somebody, kept beside.
NUMBERS = ("canvas_id", "sis_user_id", "moodle_id", "id_number", "lms_user_id", "formerly")
FIRST = (
    "first_name", "firstname", "given name", "vorname", "prénom", "nombre", "nome",
    "voornaam", "förnamn", "fornavn", "imię", "名",
)  # fmt: skip
LAST = (
    "last_name", "lastname", "surname", "family name", "nachname", "name", "nom", "apellidos",
    "cognome", "apelido", "achternaam", "efternamn", "etternavn", "nazwisko", "姓",
)  # fmt: skip
FULL = (
    "student", "student name", "full name", "display name", "vollständiger name", "name",
    "nom complet", "nombre completo", "nome completo", "volledige naam", "姓名",
)  # fmt: skip
EMAIL = (
    "email", "email address", "e-mail", "mail", "e-mail-adresse", "e-mail address", "courriel",
    "adresse de courriel", "dirección de correo", "correo electrónico", "indirizzo email",
    "endereço de email", "e-mailadres", "e-post", "邮箱", "电子邮件地址",
)  # fmt: skip
IDS = (
    "id", "sis login id", "username", "user name", "login", "login id", "benutzername",
    "anmeldename", "kennung", "nutzername", "nutzernamen", "student_id", "user id", "identifiant",
    "nom d'utilisateur", "nombre de usuario", "nome utente", "nome de utilizador",
    "gebruikersnaam", "användarnamn", "brukernavn", "用户名", "学号",
)  # fmt: skip


# What programs make of a number that was a name.
SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
DECIMAL = re.compile(r"\d+[.,]0+")


@dataclass(frozen=True)
class Person:
    """Somebody in the class.

    Attributes
    ----------
    id : str
        The name of the student's folder, and the gradebook's.
    first_name, last_name, email : str
    numbers : dict of str to str
        Those of `NUMBERS` that are known.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, (self.first_name, self.last_name)))


def read_class(
    content: bytes,
    column: str | None = None,
    whole: bool = False,
    encoding: str | None = None,
) -> tuple[list[Person], list[str]]:
    """Read a class list as Excel or a platform writes it.

    Parameters
    ----------
    content : bytes
    column : str, optional
        The one that holds the ids, where it has an unusual name.
    whole : bool
        Keep the columns that nothing here asks for, too; it is the course's own list.
    encoding : str, optional
        Of a list that isn't in UTF-8.

    Returns
    -------
    people : list of Person
    left_out : list of str
        A sentence for each row that isn't taken.

    Raises
    ------
    CourseError
        If it is no table, or no column holds ids.
    """
    try:
        wanted = (column,) if column else (*IDS, *EMAIL, *LAST, *FULL)
        rows = read_table(content, wanted, encoding)
    except NoTable as error:
        raise CourseError(
            f"The class list can't be read: {error}.\nNothing was changed."
        ) from error
    if whole and not rows:  # the course's own, in which nobody is yet
        return [], []
    ids = _id_columns(rows, column)
    asked = {plain(each) for each in (*NUMBERS, *IDS, *FIRST, *LAST, *FULL, *EMAIL)}
    people: dict[str, Person] = {}
    left_out = []
    for row in rows:
        name = one_form(row.get(*ids))
        if "OrgDefinedId" in row:  # Brightspace writes #ada
            name = name.removeprefix("#")
        if reason := _no_id(name, row, people):
            if reason != " ":
                left_out.append(f"Line {row.line} was left out: {reason}.")
            continue
        first, last = _names(row)
        numbers = {each: row.get(each) for each in NUMBERS if row.get(each)}
        if whole:
            numbers |= {each: value for each, value in row.values.items()
                        if value and each not in asked}  # fmt: skip
        if _of_canvas(rows) and row.get("id"):
            numbers["canvas_id"] = row.get("id")
        people[name] = Person(name, first, last, row.get(*EMAIL), numbers)
    unknown = [each for each in rows[0].values if each and each not in {*asked, *map(plain, ids)}]
    if unknown and not whole and not any(each.name for each in people.values()):
        left_out.append(f"No column is known to hold names: there are {', '.join(unknown)}.")
    return list(people.values()), left_out


def _of_canvas(rows: Sequence[Row]) -> bool:
    """Whether it is Canvas' list: its column ID is a number of its own."""
    return bool(rows) and "SIS Login ID" in rows[0] and "Student" in rows[0]


def _id_columns(rows: Sequence[Row], column: str | None) -> tuple[str, ...]:
    if not rows:
        raise CourseError("The class list has no rows below its first.\nNothing was changed.")
    if column is not None:
        if column not in rows[0]:
            raise CourseError(f"The class list has no column {column!r}.\nNothing was changed.")
        return (column,)
    if _of_canvas(rows):
        return ("SIS Login ID",)
    for each in IDS:
        if each in rows[0]:
            return (each,)
    there = ", ".join(rows[0].values)
    raise CourseError(
        f"No column of the class list holds ids: there are {there}.\n"
        "Name one: mlpkit students import FILE --id-column NAME"
    )


def _no_id(name: str, row: Row, people: dict[str, Person]) -> str:
    """Say why a row is no student; a blank for what the platforms put between."""
    who = row.get(*FULL) or row.get(*LAST)
    if "points possible" in who.casefold() or who.casefold() in ("student, test", "test student"):
        return " "
    if not name:
        return f"{who or 'it'} has no id"
    if row.beyond:
        return (
            f"it has more fields than there are columns, {row.beyond[0]!r} the first; "
            "a comma within a name needs quotes around it"
        )
    if SHORTENED.fullmatch(name) or DECIMAL.fullmatch(name):
        return f"{name!r} is what a spreadsheet has made of a number; export the list as text"
    if name in (".", "..") or "/" in name or "\\" in name or not name.isprintable():
        return f"{name!a} can't be the name of a folder"
    if name.startswith("."):
        return f"{name!r} begins with a dot"
    if not names_a_folder(name):
        return f"{name[:40]!r}… is too long for the name of a folder"
    if name in people:
        return f"{name!r} was there already"
    return ""


def _names(row: Row) -> tuple[str, str]:
    first = row.get(*FIRST)
    if first:
        return first, row.get(*LAST)
    full = row.get(*FULL)
    if "," in full:  # as Canvas sorts them
        last, _, first = full.partition(",")
        return first.strip(), last.strip()
    return "", full or row.get(*LAST)

"""A class list is read as a workbook and in the encodings of others, or refused in words."""

import io
import zipfile

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.class_tables import Person, read_class
from mlpkit.grading.job import CourseError
from tests.grading.course_factory import make_course

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADS = ["Login", "Vorname", "Nachname", "E-Mail"]
ADA = Person("ada", "Ada", "Lovelace", "ada@example.org")
JLU = Person("jlu", "Jürg", "Müller")
ROWS = [HEADS, ["ada", "Ada", "Lovelace", "ada@example.org"], [], ["jlu", " Jürg", "Müller"]]


def inline(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def spoken(text):
    return f'<c t="inlineStr"><is><r><t>{text}</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'


def formula(text):
    return f'<c t="str"><f>A1</f><v>{text}</v></c>'


def sheet(rows, cell=inline):
    return "".join(f"<row>{''.join(each if each[:2] == '<c' else cell(each) for each in row)}</row>"
                   for row in rows)  # fmt: skip


def workbook(*sheets, styles="", shared="", space=MAIN, names="ABC", book="", absolute=False):
    """Give a workbook's bytes, from what stands in each sheet."""
    number = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{names[n - 1]}" sheetId="{n}" r:id="r{n}"/>' for n in number)
    folder = "/xl/" if absolute else ""
    related = "".join(
        f'<Relationship Id="r{n}" Target="{folder}worksheets/s{n}.xml"/>' for n in number
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{OFFICE}">{book}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
    }
    parts |= {
        f"xl/worksheets/s{n}.xml": f'<worksheet xmlns="{space}"><sheetData>{each}</sheetData>'
        "</worksheet>"
        for n, each in enumerate(sheets, 1)
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def of_shared():
    """Give the rows with texts that stand in a list of their own, one in two styles."""
    texts = sorted({each for row in ROWS for each in row if each != "Lovelace"})
    shared = "".join(f"<si><t>{each}</t></si>" for each in texts)
    shared += "<si><r><t>Love</t></r><r><t>lace</t></r></si>"
    texts.append("Lovelace")
    cells = sheet(ROWS, lambda each: f'<c t="s"><v>{texts.index(each)}</v></c>')
    return workbook(cells, shared=shared)


BOOKS = {
    "texts in the cells": workbook(sheet(ROWS)),
    "texts shared": of_shared(),
    "results of formulas": workbook(sheet(ROWS, formula)),
    "with how it is spoken": workbook(sheet(ROWS, spoken)),
    "strict": workbook(sheet(ROWS), space=STRICT),
    "named from the root": workbook(sheet(ROWS), absolute=True),
    "a title above": workbook(sheet([["Members, winter 2026"], [], *ROWS])),
    "an empty sheet first": workbook("", sheet(ROWS)),
    "notes behind": workbook(sheet(ROWS), sheet([["ill: ada"]])),
    "a sheet for each group": workbook(sheet(ROWS[:2]), sheet([HEADS, ROWS[3]])),
}


@pytest.mark.parametrize("content", BOOKS.values(), ids=BOOKS)
def test_a_workbook_is_read_as_programs_write_it(content):
    assert read_class(content) == ([ADA, JLU], [])


CELLS = {
    "a number": ("<c><v>4711</v></c>", "", "4711"),
    "a number of a program that writes only such": ("<c><v>4711.0</v></c>", "", "4711"),
    "a long number": ("<c><v>1.23456789012E+11</v></c>", "", "123456789012"),
    "with zeros by its format": ('<c s="1"><v>815</v></c>', "00000000", "00000815"),
    "far to the right": ('<c r="AB2" t="inlineStr"><is><t>ada</t></is></c>', "", "ada"),
}


@pytest.mark.parametrize("cell, code, wanted", CELLS.values(), ids=CELLS)
def test_an_id_is_what_its_cell_shows(cell, code, wanted):
    styles = f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    place = 'r="AB1" ' if "AB2" in cell else ""
    head = f'<c {place}t="inlineStr"><is><t>Login</t></is></c>'
    people, left_out = read_class(workbook(sheet([[head], [cell]]), styles=styles))
    assert ([each.id for each in people], left_out) == ([wanted], [])


DATES = {
    "one of Excel's own formats": ('numFmtId="22"', "", ""),
    "a format of the file's": ('numFmtId="164"', 'dd\\.mm\\.yy" um "hh:mm', ""),
    "counted from 1904": ('numFmtId="22"', "", '<workbookPr date1904="1"/>'),
    "as a text": ("", "", ""),
}


@pytest.mark.parametrize("form, code, book", DATES.values(), ids=DATES)
def test_a_table_of_times_may_be_a_workbook(tmp_path, capsys, form, code, book):
    make_course(tmp_path, {"ada": b"old"})
    (tmp_path / "students.csv").write_text("id\nada\n")
    serial = (44835 if book else 46297) + 0.999
    cell = f'<c s="1"><v>{serial}</v></c>' if form else "2026-10-02 23:58:34"
    styles = f"<numFmts><numFmt numFmtId='164' formatCode='{code}'/></numFmts>"
    styles += f'<cellXfs><xf numFmtId="0"/><xf {form}/></cellXfs>'
    times = workbook(sheet([["login", "Letzte Abgabe"], ["ada", cell]]), styles=styles, book=book)
    (tmp_path / "times.xlsx").write_bytes(times)
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "sheet.ipynb").write_bytes(b"new")
    words = ["collect", "ps1", str(tmp_path / "in"), "--times", str(tmp_path / "times.xlsx")]
    assert main(["--course", str(tmp_path), *words]) == 0
    assert "handed in 2026-10-02 23:58" in capsys.readouterr().out


NO_BOOKS = {
    "other columns in the next": (
        workbook(sheet(ROWS), sheet([["id", "name"], ["ben", "B"]])),
        "its sheets have different columns: A, B",
    ),
    "nothing in it": (workbook(""), "it is empty"),
    "cut off": (workbook(sheet(ROWS))[:-60], "the workbook is damaged"),
    "a text that isn't there": (
        workbook(sheet([["id"], ['<c t="s"><v>7</v></c>']])),
        "the workbook is damaged",
    ),
    "LibreOffice's own": (b"PK\x03\x04 application/vnd.oasis", "save it as .xlsx"),
    "Excel's of old": (b"\xd0\xcf\x11\xe0" + bytes(60), "save it as .xlsx"),
}


@pytest.mark.parametrize("content, said", NO_BOOKS.values(), ids=NO_BOOKS)
def test_a_workbook_that_is_no_list_is_said(content, said):
    with pytest.raises(CourseError, match=said):
        read_class(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>id</td></tr></table></html>",
        b"\xef\xbb\xbf\r\n<table>\n<tr><td>id</td>",
        b"<?xml version='1.0'?>\n<Workbook><Worksheet/></Workbook>",
        b"<!DOCTYPE html>\nid,name\n",
    ],
)
def test_a_page_under_a_tables_name_is_said_to_be_one(content):
    with pytest.raises(CourseError, match="web page or XML"):
        read_class(content)


SCRIPTS = {
    "gbk": "id,name\nwxm,王小明\n",
    "shift_jis": "id,name\ntaro,田中太郎\n",
    "big5": "id,name\nwxm,王小明\n",
    "euc_kr": "id,name\nkim,김철수\n",
    "koi8-r": "id,name\nivan,Иван\n",
    "cp1251": "id,name\nivan,Иван\n",
    "iso8859-7": "id,name\nnikos,Νίκος\n",
    "cp1250": "id,name\nagn,Świątek\n",
}


@pytest.mark.parametrize("encoding", SCRIPTS)
def test_letters_of_another_script_are_refused_or_read_as_it_is_said(encoding):
    text = SCRIPTS[encoding]
    with pytest.raises(CourseError, match="--encoding gbk"):
        read_class(text.encode(encoding))
    (person,) = read_class(text.encode(encoding), encoding=encoding)[0]
    assert person.name == text.split(",")[-1].strip()


LATIN = [
    "Sæþór Þórðarson",
    "O’Neill – Müller",
    "Àngels Col·legi",
    "Ångström\xa0\xa0\xa0\xa0L",
    "Zoë ————",
]


@pytest.mark.parametrize("name", LATIN)
def test_a_name_in_latin_letters_of_windows_is_read(name):
    (person,) = read_class(f"id;name\nada;{name}\n".encode("cp1252"))[0]
    assert person.name == " ".join(name.split())


@pytest.mark.parametrize(
    "encoding, words, said",
    [
        ("cp1252", [], "its letters are a guess"),
        ("cp1250", ["--encoding", "cp1250"], "Müller"),
        ("utf-8", [], "Müller"),
        ("utf-16", [], "Müller"),
        ("ascii", ["--encoding", "klingon"], "isn't in the encoding 'klingon'"),
    ],
)
def test_what_is_guessed_of_a_lists_letters_is_said(tmp_path, capsys, encoding, words, said):
    make_course(tmp_path, {})
    name = "Mueller" if encoding == "ascii" else "Müller"
    (tmp_path / "list.csv").write_bytes(f"id,name\njlu,{name}\n".encode(encoding))
    command = ["students", "import", str(tmp_path / "list.csv"), *words]
    status = main(["--course", str(tmp_path), *command])
    told = "".join(capsys.readouterr())
    assert said in told
    assert ("guess" in told) == (encoding == "cp1252")
    assert status == (encoding == "ascii")

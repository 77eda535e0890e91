"""Files under other names, in other folders, in zips, with other programs' files beside them."""

import io
import os
import tarfile
import zipfile

from tests.grading import notebooks
from tests.grading.handins.handin import (
    DOUBLE,
    MEAN,
    Handin,
    as_bytes,
    book,
    course,
    put,
    silent,
)

GOOD = as_bytes(book())
HALF = as_bytes(book(double=DOUBLE))
BLANK = as_bytes(notebooks.release(course()))
JUNK = b"\0\5\26\7" + bytes(100)


def zip_of(names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return file.getvalue()


def tar_of(names, packing="gz"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}") as archive:
        for name, content in names.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def encrypted():
    content = bytearray(zip_of({"sheet.ipynb": GOOD}))
    for start, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(start) + at] |= 1
    return bytes(content)


def linked_zip():
    """Give a zip whose notebook is a link."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("sheet.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def named(name):
    return Handin(put({name: GOOD}), said=(f"handed in as {name!r}",))


# Kind 5: the one notebook is found by what it holds.
FILES = {
    ".json appended": named("sheet.ipynb.json"),
    ".txt appended": named("sheet.ipynb.txt"),
    "(1) appended": named("sheet (1).ipynb"),
    "no ending": named("sheet"),
    "JSON alone": named("answers.json"),
    "in two folders": named("ps1/ps1/sheet.ipynb"),
    "in a folder of another name": named("my work/final/sheet.ipynb"),
    "in a zip": Handin(
        put({"ps1.zip": zip_of({"sheet.ipynb": GOOD})}), said=("'ps1.zip/sheet.ipynb'",)
    ),
    "in a folder in a zip": Handin(
        put({"hand in.zip": zip_of({"ps1/sheet.ipynb": GOOD})}), said=("/ps1/sheet.ipynb'",)
    ),
    "in a zip in a zip": Handin(
        put({"a.zip": zip_of({"b.zip": zip_of({"sheet.ipynb": GOOD})})}), said=("a.zip/b.zip/",)
    ),
    "in a Mac's zip": Handin(
        put({"a.zip": zip_of({"s/sheet.ipynb": GOOD, "__MACOSX/s/._sheet.ipynb": JUNK})}),
        said=("'a.zip/s/sheet.ipynb'",),
    ),
    "._ beside it": silent(put({"sheet.ipynb": GOOD, "._sheet.ipynb": JUNK, ".DS_Store": JUNK})),
    "only ._ and another name": Handin(
        put({"._work.ipynb": JUNK, "work.ipynb": GOOD, "__MACOSX/._work.ipynb": JUNK}),
        said=("handed in as 'work.ipynb'",),
    ),
    "checkpoints beside it": silent(
        put({"sheet.ipynb": GOOD, ".ipynb_checkpoints/sheet-checkpoint.ipynb": BLANK})
    ),
    "a second attempt beside it": Handin(
        put({"sheet.ipynb": GOOD, "sheet (1).ipynb": HALF}),
        said=("'sheet.ipynb' was taken; 'sheet (1).ipynb' may be meant",),
    ),
    "the blank one beside the answered": Handin(
        put({"sheet.ipynb": BLANK, "sheet (1).ipynb": GOOD}),
        said=("'sheet (1).ipynb' was taken; 'sheet.ipynb' may be meant",),
    ),
    "an empty one beside the answered": Handin(
        put({"sheet.ipynb": b"", "sheet-final.ipynb": GOOD}),
        said=("'sheet-final.ipynb' was taken",),
    ),
    "two of other names": Handin(
        put({"one.ipynb": GOOD, "two.ipynb": GOOD}),
        said=("'one.ipynb' was taken; 'two.ipynb' may be meant",),
    ),
    "notes beside it": Handin(
        put({"notes.ipynb": as_bytes({"cells": [], "nbformat": 4}), "work.ipynb": GOOD}),
        said=("'work.ipynb' was taken; 'notes.ipynb' may be meant",),
    ),
    "another program's notebook beside it": silent(
        put({"sheet.ipynb": GOOD, "scratch.ipynb": as_bytes({"cells": [], "nbformat": 4})})
    ),
    "only a document": Handin(
        put({"ps1.pdf": b"%PDF-1.4", "ps1.docx": b"PK"}), 0, ("'ps1.docx' and 'ps1.pdf'",)
    ),
    "only an archive of another kind": Handin(put({"ps1.rar": b"Rar!"}), 0, ("'ps1.rar'",)),
    "a zip under the notebook's name": Handin(
        put({"sheet.ipynb": zip_of({"x/sheet.ipynb": GOOD})}), said=("sheet.ipynb/x/sheet.ipynb",)
    ),
    "a zip without an ending": Handin(
        put({"handin": zip_of({"sheet.ipynb": GOOD})}), said=("'handin/sheet.ipynb'",)
    ),
    "an encrypted zip": Handin(put({"ps1.zip": encrypted()}), 0, ("encrypted",)),
    "a damaged zip": Handin(put({"ps1.zip": zip_of({"a.ipynb": GOOD})[:200]}), 0, ("'ps1.zip'",)),
    "a link in a zip": Handin(put({"ps1.zip": linked_zip()}), 0, ("'ps1.zip'",)),
    "a zip that leads out of its folder": Handin(
        put({"a.zip": zip_of({"../../sheet.ipynb": GOOD})}), 4, ("handed in as",)
    ),
}


def moved(*path):
    """Give what puts the notebook elsewhere in the student's folder than in the assignment's."""

    def write(folder):
        folder.rmdir()
        target = folder.parent.joinpath(*path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(GOOD)

    return write


def renamed(name):
    def write(folder):
        (folder / "sheet.ipynb").write_bytes(GOOD)
        # In two steps, as where case makes no difference.
        folder.rename(folder.parent / "between").rename(folder.parent / name)

    return write


def zip_alone(folder):
    folder.rmdir()
    (folder.parent / "ps1.zip").write_bytes(zip_of({"ps1/sheet.ipynb": GOOD}))


def empty_beside(folder):
    (folder.parent / "sheet.ipynb").write_bytes(GOOD)


def two_cases(folder):
    (folder.parent / "PS1").mkdir()
    (folder.parent / "PS1" / "sheet.ipynb").write_bytes(GOOD)


def file_instead(content):
    """Give what puts a file in the place of the assignment's folder."""

    def write(folder):
        folder.rmdir()
        folder.write_bytes(content)

    return write


# Kind 6: a folder that isn't named as it should be is found all the same.
FOLDERS = {
    "none": Handin(moved("sheet.ipynb"), said=("outside of a folder 'ps1'",)),
    "none, and another name": Handin(moved("my sheet.ipynb"), said=("outside of a folder 'ps1'",)),
    "another": Handin(moved("homework", "sheet.ipynb"), said=("outside of a folder 'ps1'",)),
    "a zip": Handin(zip_alone, said=("outside of a folder 'ps1'", "ps1.zip/ps1/sheet.ipynb")),
    "a file in its place": Handin(
        file_instead(GOOD), said=("outside of a folder 'ps1'", "handed in as 'ps1'")
    ),
    "a zip in its place": Handin(
        file_instead(zip_of({"sheet.ipynb": GOOD})), said=("handed in as 'ps1/sheet.ipynb'",)
    ),
    "a document in its place": Handin(file_instead(b"%PDF-1.4"), 0, ("Not a directory",)),
    "an empty one beside it": Handin(empty_beside, said=("outside of a folder 'ps1'",)),
    "an empty one beside one in capitals": Handin(two_cases, said=("handed in as 'PS1'",)),
    "capitals": Handin(renamed("PS1"), said=("handed in as 'PS1'",)),
    "a space behind": Handin(renamed("ps1 "), said=("handed in as 'ps1 '",)),
    "a space before": Handin(renamed(" Ps1"), said=("handed in as ' Ps1'",)),
}

HELPER = "def twice(x):\n    return 2 * x\n"


def with_helper(name, imported, content=HELPER, notebook="sheet.ipynb"):
    answer = f"{imported}\n\ndef double(x):\n    return twice(x)\n"
    folder = os.path.dirname(notebook)
    return put(
        {notebook: book(double=answer, mean_square=MEAN), os.path.join(folder, name): content}
    )


OTHER = notebooks.notebook(
    notebooks.locked("imports", notebooks.IMPORTS),  # as all assignments have it
    notebooks.solution("triple", "def triple(x):\n    return 3 * x"),
    notebooks.solution("third", "def third(x):\n    return x / 3"),
    notebooks.check("check-triple", "assert triple(1) == 3"),
)
ELSE = as_bytes(OTHER)
# Kind 7, of which the cause lies in files.
HELPERS = {
    "a module": Handin(with_helper("helper.py", "from helper import twice"), said=("'helper.py'",)),
    "a package": Handin(
        with_helper("tools/mine.py", "from tools.mine import twice"), said=("'tools/mine.py'",)
    ),
    "a module, in a folder with the notebook": Handin(
        with_helper("helper.py", "from helper import twice", notebook="a/sheet.ipynb"),
        said=("'helper.py'",),
    ),
    "a module, in a zip with the notebook": Handin(
        put(
            {
                "a.zip": zip_of(
                    {
                        "s/sheet.ipynb": as_bytes(
                            book(double="from helper import twice as double", mean_square=MEAN)
                        ),
                        "s/helper.py": HELPER,
                    }
                )
            }
        ),
        said=("'helper.py'",),
    ),
    **{
        f"a module that needs one that isn't there, {how}": Handin(
            with_helper("helper.py", "from helper import twice", f"{line}\n{HELPER}"),
            2,
            ("'no_such' isn't installed", "the cell 'double' stopped"),
        )
        for how, line in {
            "whole": "import no_such",
            "a part": "from no_such.part import thing",
            "as": "import numpy, no_such as ns",
        }.items()
    },
    "data": Handin(
        put(
            {
                "sheet.ipynb": book(
                    double="two = int(open('two.txt').read())\ndef double(x):\n    return two * x",
                    mean_square=MEAN,
                ),
                "two.txt": "2",
            }
        ),
        said=("'two.txt'",),
    ),
    "a document": Handin(
        put({"sheet.ipynb": GOOD, "derivation.pdf": b"%PDF-1.4"}),
        said=("'derivation.pdf'", "a person reads it"),
        waits=True,
    ),
    "a document of a word processor": Handin(
        put(
            {
                "sheet.ipynb": GOOD,
                "proof.docx": zip_of(
                    {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"}
                ),
            }
        ),
        said=("not shown here: 'proof.docx'", "a person reads it"),
        waits=True,
    ),
    "a file and a folder of one name": Handin(
        put({"sheet.ipynb": GOOD, "data": "1", "../data/two.txt": "2"}),
        said=("not shown here: 'data' and '../data/two.txt'",),
    ),
    "another assignment's": Handin(put({"sheet.ipynb": ELSE}), 0, ("that of 'ps0', not of 'ps1'",)),
    "another assignment's, under its own name": Handin(
        put({"ps0.ipynb": ELSE}), 0, ("that of 'ps0', not of 'ps1'",)
    ),
    "another assignment's, without names": Handin(
        put({"sheet.ipynb": ELSE.replace(b'"grade_id"', b'"x"').replace(b"check-triple", b"a")}),
        0,
        ("that of 'ps0'",),
    ),
}

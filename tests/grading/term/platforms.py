"""Downloads as Canvas, Moodle, Blackboard, ILIAS and the exchange make them, built in code."""

import io
import zipfile

PEOPLE = """\
id;first_name;last_name;email;canvas_id
ada;Ada;Lovelace;ada@example.org;12345
jlu;Jürg;Müller-Lüdenscheidt;j@example.org;
o_neill;Seán;O'Neill;sean@example.org;777
anna1;Anna;Schmidt;anna.one@example.org;901
anna2;Anna;Schmidt;anna.two@example.org;902
"""
RECEIPT = """\
Name: Ada Lovelace (ada)
Assignment: Problem Set 2
Date Submitted: Thursday, October 1, 2026 11:59:32 PM CEST
Current Mark: Needs Marking

Submission Field:
There is no student submission text data for this assignment.

Comments:
{}

Files:
	Original filename: ps1.ipynb
	Filename: Problem Set 2_ada_attempt_2026-10-01-23-59-32_ps1.ipynb
"""
NO_COMMENT = "There are no student comments for this assignment."


def zipped(files, utf8=True):
    """Give a zip's bytes; with names as programs write them that say nothing of UTF-8."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            if not utf8:
                name = name.encode().decode("cp437")
            info = zipfile.ZipInfo(name)
            archive.writestr(info, text)
    content = content.getvalue()
    if not utf8:  # zipfile itself sets the bit for what isn't ASCII
        content = as_bytes_alone(content, files)
    return content


def as_bytes_alone(content, files):
    """Write the names as UTF-8 bytes, with the bit that says so taken away."""
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w") as archive:
        for place, text in enumerate(files.values()):
            archive.writestr(zipfile.ZipInfo(f"{place:06d}" + "x" * 94), text)
    data = clean.getvalue()
    for place, name in enumerate(files):
        raw = name.encode()
        assert len(raw) <= 100, name
        raw = raw.replace(raw[:0], b"", 1).rjust(100, b"/")  # leading "/" are no part of a path
        data = data.replace((f"{place:06d}" + "x" * 94).encode(), raw)
    return data


def canvas(work):
    return {
        "lovelaceada_LATE_12345_678_ps1-1.ipynb": work("ada"),
        "müllerlüdenscheidtjürg_4711_679_ps1.ipynb": work("jlu"),
        "oneillseán_777_680_ps1.ipynb": work("old"),
        "oneillseán_777_690_ps1-2.ipynb": work("o_neill"),
        "schmidtanna_902_700_my notes_2_3.txt": b"notes",
        "schmidtanna_902_701_ps1.ipynb": work("anna2"),
        "schmidtanna_999_702_ps1.ipynb": work("who"),
        "smithjohn_55_703_ps1.ipynb": work("who"),
        "anon_x8Qz1_704_ps1.ipynb": work("who"),
        "schmidtanna_901_text.html": b"<p>I can't upload</p>",
    }


def moodle(work):
    return {
        "Ada Lovelace_4711_assignsubmission_file/ps1.ipynb": work("ada"),
        "Ada Lovelace_4711_assignsubmission_file/figures/a.png": b"png",
        "Jürg Müller-Lüdenscheidt_4712_assignsubmission_file_/sub/ps1.ipynb": work("jlu"),
        "Seán O'Neill_4713_assignsubmission_file_ps1.ipynb": work("o_neill"),
        "Seán O'Neill_4713_assignsubmission_onlinetext/onlinetext.html": b"<p>words</p>",
        "Anna Schmidt_4714_assignsubmission_file/ps1.ipynb": work("anna1"),
        "Anna Schmidt_4715_assignsubmission_file/ps1.ipynb": work("anna2"),
        "Group A_9_assignsubmission_file/ps1.ipynb": work("who"),
        "__MACOSX/._ps1.ipynb": b"\0",
    }


WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,"Last modified (submission)"
"Participant 4711","Ada Lovelace",ada@example.org,Submitted,"Thursday, 1 October 2026, 11:59 PM"
"Participant 4713","Seán O'Neill",sean@example.org,Submitted,"01/10/26, 23:59"
"Participant 4714","Anna Schmidt",anna.one@example.org,Submitted,-
"Participant 4715","Anna Schmidt",anna.two@example.org,Submitted,"Friday, 2 October 2026, 8:00 AM"
"""


def blackboard(work):
    return {
        "Problem Set 2_ada_attempt_2026-09-30-10-00-00_ps1.ipynb": work("old"),
        "Problem Set 2_ada_attempt_2026-10-01-23-59-32_ps1.ipynb": work("ada"),
        "Problem Set 2_ada_attempt_2026-10-01-23-59-32.txt": RECEIPT.format("Sorry!"),
        "Problem Set 2_o_neill_attempt_2026-10-02-00-00-01_ps1.ipynb.json": work("o_neill"),
        "Problem Set 2_o_neill_attempt_2026-10-02-00-00-01.txt": RECEIPT.format(NO_COMMENT),
        "Problem Set 2_jlu_attempt_2026-10-25-02-30-00_ps1.ipynb": work("jlu"),
        "Problem Set 2_who_attempt_2026-10-01-10-00-00_ps1.ipynb": work("who"),
    }


def ilias(work):
    folder = "Problem_Set_2/Abgaben"
    return {
        f"{folder}/Lovelace_Ada_ada_311/ps1.ipynb": work("ada"),
        f"{folder}/Mueller-Luedenscheidt_Juerg_jlu_312/Late Submission - ps1.ipynb": work("jlu"),
        f"{folder}/O'Neill_Sean_o_neill_313/ps1.ipynb": work("o_neill"),
        f"{folder}/Smith_John_smithj_314/ps1.ipynb": work("who"),
        "Problem_Set_2/Problem_Set_2.xlsx": b"PK",
    }


def exchange(work):
    hashes = "MDAwMDAwMDAwMDAw"
    return {
        f"ada+ps1+2026-10-01 09:00:00 UTC+{hashes}/ps1.ipynb": work("old"),
        f"ada+ps1+2026-10-01 09:00:00 UTC+{hashes}/timestamp.txt": b"2026-10-01 09:00:00 UTC",
        f"ada+ps1+2026-10-01 21:59:32.250000 UTC+{hashes}/ps1.ipynb": work("ada"),
        f"ada+ps1+2026-10-01 21:59:32.250000 UTC+{hashes}/timestamp.txt": (
            b"2026-10-01 21:59:32.250000 UTC"
        ),
        f"ada+ps2+2026-11-01 09:00:00 UTC+{hashes}/ps2.ipynb": work("other"),
        f"o_neill+ps1+2026-10-02 01:00:00 CEST+{hashes}/ps1.ipynb": work("o_neill"),
        f"who+ps1+2026-10-02 01:00:00 UTC+{hashes}/ps1.ipynb": work("who"),
    }


def folders(work):
    return {
        "ada/ps1/ps1.ipynb": work("ada"),
        "ada/ps1/timestamp.txt": b"2026-10-01 21:59:32 UTC",
        "ada/ps2/ps2.ipynb": work("other"),
        "JLU/ps1.ipynb": work("jlu"),
        "o_neill.ipynb": work("o_neill"),
        "ps1_anna1.zip": zipped({"ps1.ipynb": work("anna1")}),
        "nobody/ps1.ipynb": work("who"),
        ".DS_Store": b"\0",
    }

"""The commands of the READMEs run as they stand, in a fresh copy of the course.

A block fenced as ```sh holds commands; one fenced as ```text or ```python is output or an example.
A block under the comment `<!-- not run: REASON -->` is not run, and is counted here.
"""

import re
import subprocess
from typing import NamedTuple

import pytest

from tests.course import ROOT, copy_course, environment

# By file: how many blocks of commands may say that they are not to be run.
NOT_RUN = {
    "README.md": 3,
    "CONTRIBUTING.md": 3,
    "assignments/README.md": 2,
    "solutions/README.md": 2,
    "solutions/with_a_hub.md": 2,
    "solutions/without_a_hub.md": 0,
}
BLOCK = re.compile(
    r"(?:^[ ]*<!-- not run: (?P<reason>[^>]+?) -->\n)?^(?P<indent>[ ]*)```(?P<language>\w*)\n"
    r"(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = r"(?:make|python|jupyter|mlpkit|nbgrader|conda|git|cp|mkdir|\.venv/\S+) \S"
# A command that serves until it is stopped runs until its server answers.
SERVES = re.compile(r"^((?:\S*/)?jupyter lab|make (?:lab|mark))\b", re.MULTILINE)


class Block(NamedTuple):
    language: str
    commands: str
    reason: str | None


def blocks(text):
    """List the fenced blocks of a Markdown text."""
    return [
        Block(
            found["language"],
            "".join(line.removeprefix(found["indent"]) for line in found["body"].splitlines(True)),
            found["reason"],
        )
        for found in BLOCK.finditer(text)
    ]


def script(commands):
    """What bash is given: each line must succeed, and a server is stopped once it answers."""
    return "set -euo pipefail\n" + SERVES.sub(r"python -m tests.course \1", commands)


def test_the_readmes_example_runs_and_learns(capsys):
    (example,) = [b for b in blocks((ROOT / "README.md").read_text()) if b.language == "python"]
    assert len(example.commands.strip().splitlines()) <= 17
    exec(example.commands, {})
    first, last = map(float, re.search(r"loss (\S+) → (\S+)", capsys.readouterr().out).groups())
    assert last < first / 2


readmes = pytest.mark.parametrize("name", NOT_RUN)


def test_blocks_are_told_apart():
    text = "a\n```sh\nmake lab\n```\n\n<!-- not run: long -->\n```sh\nmake test\n```\n"
    text += "- b:\n\n  ```text\n  ok\n  ```\n"
    assert blocks(text) == [
        Block("sh", "make lab\n", None), Block("sh", "make test\n", "long"),
        Block("text", "ok\n", None),
    ]  # fmt: skip


def test_a_failing_line_fails_its_block_and_a_server_is_waited_for():
    assert subprocess.run(["bash", "-c", script("false\ntrue\n")]).returncode != 0
    assert "python -m tests.course make lab ARGS=x" in script("cd a\nmake lab ARGS=x\n")
    assert script("make labels\n").endswith("\nmake labels\n")


@readmes
def test_commands_stand_where_they_are_run_and_few_are_left_out(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = blocks(text)
    assert found and {block.language for block in found} <= {"sh", "text", "python"}
    for block in found:
        if block.language != "sh":
            assert not re.match(COMMAND, block.commands), f"commands go into sh:\n{block.commands}"
    outside = BLOCK.sub("", text)
    assert not re.findall(rf"^ {{4,}}{COMMAND}.*", outside, re.MULTILINE), "commands without fence"
    left_out = [block for block in found if block.reason]
    assert len(left_out) == NOT_RUN[name], "\n".join(f"{b.reason}: {b.commands}" for b in left_out)


# These two go through what the guide's own commands and tests/grading/test_hand_back.py do.
OTHER_WAYS = ("solutions/with_a_hub.md", "solutions/without_a_hub.md")
# A whole term: four minutes, one command after another.
LONG = ("CONTRIBUTING.md", "solutions/README.md", *OTHER_WAYS)
RUN = [name for name in NOT_RUN if name not in LONG]
RUN += [pytest.param(name, marks=pytest.mark.thorough) for name in LONG]


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN)
def test_commands_of_a_readme_run_as_they_stand(name, tmp_path):
    folder = copy_course(tmp_path / "course")
    variables = environment(folder)
    for command in ("init --quiet", "add --all", "commit --quiet --message Start"):
        who = ["-c", "user.name=Reader", "-c", "user.email=reader@example.org"]
        subprocess.run(["git", *who, *command.split()], cwd=folder, check=True)
    ran = 0
    for block in blocks((folder / name).read_text(encoding="utf-8")):
        if block.language != "sh" or block.reason:
            continue
        done = subprocess.run(
            ["bash", "-c", script(block.commands)], cwd=folder, env=variables, timeout=300,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{block.commands}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        ran += 1
    assert ran > 0

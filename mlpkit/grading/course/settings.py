"""A course's settings, read as nbgrader does: the user's, the course's, the command line's."""

import contextlib
import math
import os
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Enum, TraitError
from traitlets.config import Config, Configurable

from mlpkit.grading.course.steps import is_set
from mlpkit.grading.job import CourseError, Limits
from mlpkit.grading.text.times import NoTime, zone_named

FILE = "nbgrader_config.py"
LEAST_MEMORY = 256 * 1024**2  # a kernel with NumPy loaded starts in no less


class Judge(Configurable):
    """What ``nbgrader_config.py`` says of the judging: ``c.Judge.limits`` and so on."""

    unsandboxed = Bool(False, help="Run student code with your own rights.").tag(config=True)
    hints = Bool(
        False, help="Show students the misconception behind a mistake that has a name."
    ).tag(config=True)
    limits = Dict(help="Fields of mlpkit.grading.Limits: cell_seconds, …").tag(config=True)
    tests = Enum(("outside", "inside"), "outside", help="Where tests run.").tag(config=True)
    accept_tests = Bool(
        False, help="Judge although tests fail on the course's own answers, or pass without any."
    ).tag(config=True)


class _Reader(AutogradeApp):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's own command, of which only the settings are wanted; it isn't started."""

    raise_config_file_errors = True


def read_settings(
    root: str | os.PathLike[str], arguments: Sequence[str]
) -> tuple[CourseDirectory, Config]:
    """Read the settings of the course in a folder.

    Parameters
    ----------
    root : path
        Where the command is called.
    arguments : sequence of str
        Options of ``nbgrader autograde``, such as ``--db=URL`` or ``--Class.option=value``.

    Raises
    ------
    CourseError
        If there is no nbgrader_config.py, or it can't be read.
    """
    folder = Path(root).resolve()
    if not folder.is_dir():
        raise CourseError(f"No folder {folder}.\nName the course's: mlpkit --course FOLDER …")
    with contextlib.chdir(folder):
        reader = _Reader()
        try:
            reader.initialize(list(arguments))
        except TraitError as error:
            raise CourseError(f"{error}\nMend that in {FILE} or in what you called.") from error
        except SystemExit:  # its own words stand above
            raise CourseError(f"nbgrader can't read its settings.\nMend them in {FILE}.") from None
        except Exception as error:
            where = f"{type(error).__name__}: {error}"
            raise CourseError(f"{FILE} can't be read: {where}.\nMend it first.") from error
        directory = reader.coursedir
        places = [folder, Path(directory.root), *map(Path, reader.config_file_paths)]
    if not any((place / FILE).is_file() for place in places):
        raise CourseError(
            f"No {FILE} in {folder}.\n"
            "Run this in the course's folder, or name it: mlpkit --course FOLDER …"
        )
    # Plugins, hooks and preprocessors that settings name may lie in the course's folder.
    if directory.root not in sys.path:
        sys.path.insert(0, directory.root)
    reader.config.CourseDirectory.root = directory.root  # for whoever is given the settings alone
    return directory, reader.config


def limits_of(judge: Judge, config: Config) -> Limits:
    """Give what a submission may use, nbgrader's ``c.Execute.timeout`` obeyed where it is set.

    Raises
    ------
    CourseError
        If a limit is named that there is not.
    """
    wanted = dict(judge.limits)
    if is_set(config, Execute, "timeout") and "cell_seconds" not in wanted:
        try:
            wanted = _as_timeout(Execute(config=config).timeout) | wanted
        except TraitError as error:
            raise CourseError(f"c.Execute in {FILE}: {error}\nMend that first.") from error
    usual = vars(Limits())
    if unknown := sorted(set(map(str, wanted)) - set(usual)):
        raise CourseError(
            f"c.Judge.limits in {FILE} has {unknown[0]!r}.\nThere are {', '.join(usual)}."
        )
    return Limits(**{name: _number(name, value, usual[name]) for name, value in wanted.items()})


def _number(name: str, value: object, usual: Any) -> Any:
    """Read one of the limits, which the command line gives as text."""
    least = LEAST_MEMORY if name == "memory" else 0
    try:
        number = math.nan if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = math.nan
    if not least <= number < math.inf or number == 0:
        asked = f"a number from {least:,} on" if least else "a number above 0"
        raise CourseError(
            f"c.Judge.limits in {FILE}: {name!r} is {value!r}, and not {asked}.\n"
            f"Without it {name} is {usual:,}."
        )
    return type(usual)(number)


def _as_timeout(timeout: float | None) -> dict[str, float]:
    """Let a cell and a call take as long as nbgrader lets a cell; None is without a limit."""
    whole = Limits().submission_seconds
    seconds = float(timeout) if timeout and timeout > 0 else whole
    return {
        "cell_seconds": seconds, "call_seconds": seconds,
        "submission_seconds": max(whole, 10 * seconds),
    }  # fmt: skip


def zone_of(config: Config) -> tzinfo:
    """Give the course's time zone, ``c.Term.timezone``: UTC if it isn't set.

    Raises
    ------
    CourseError
        If there is none of that name.
    """
    try:
        return zone_named(str(config.Term.get("timezone", "UTC")))
    except NoTime as error:
        raise CourseError(f"c.Term.timezone in {FILE}: {error}.\nMend it first.") from error


def print_all() -> None:
    """Print what nbgrader says of its settings."""
    _Reader().print_help(classes=True)

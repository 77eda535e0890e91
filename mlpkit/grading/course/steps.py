"""The settings of nbgrader's steps: obeyed, refused in words, or named as without effect."""

from collections.abc import Iterator, Sequence
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets.config import Config

from mlpkit.grading.job import CourseError

# What the judge does in their place, or has done when it gives a notebook back.
STEPS = (
    ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata, Execute,
    IgnorePattern, ClearMetadataPreprocessor, LimitOutput, SaveAutoGrades,
)  # fmt: skip
KNOWN = {*(step.__name__ for step in STEPS), "AssignLatePenalties", "Judge"}
# Without these nothing is marked, or by tests that students wrote.
NEEDED = ("OverwriteCells", "Execute", "SaveAutoGrades")
# How a notebook is run: only its time limit can be had here.
RUNS = (
    "kernel_name", "extra_arguments", "timeout_func", "on_cell_start", "on_cell_execute",
    "on_cell_complete", "on_cell_executed", "on_cell_error", "on_notebook_start",
    "on_notebook_complete", "on_notebook_error",
)  # fmt: skip
EXPORTERS = ("Exporter", "NotebookExporter")


def refuse_other_steps(config: Config, lists: Sequence[Sequence[Any]]) -> None:
    """Refuse what nbgrader could be told to do and the judge doesn't.

    Parameters
    ----------
    config : traitlets.config.Config
        The course's.
    lists : sequence of lists
        nbgrader's steps, by class or name.

    Raises
    ------
    CourseError
    """
    names = [each if isinstance(each, str) else each.__name__ for steps in lists for each in steps]
    own = {name for name in names if name.rpartition(".")[2] not in KNOWN}
    own |= {f"c.{each}.preprocessors" for each in EXPORTERS if config[each].get("preprocessors")}
    if own:
        raise CourseError(
            f"The judge doesn't run steps that c.Autograde names: {', '.join(sorted(own))}.\n"
            "Take them out; what changes hand-ins can be done by c.Autograde.pre_convert_hook."
        )
    lacking = [name for name in NEEDED if name not in {each.rpartition(".")[2] for each in names}]
    off = [each.__name__ for each in STEPS if each.__name__ in NEEDED and is_off(config, each)]
    if lacking or off:
        which = " and ".join([*lacking, *(f"c.{name}.enabled = False" for name in off)])
        raise CourseError(
            f"Without these steps nothing is marked by the course's own tests: {which}.\n"
            "Take that out of the settings: the judge always does what they are for."
        )
    if runs := [name for name in _of(config, Execute) if name.rpartition(".")[2] in RUNS]:
        raise CourseError(
            f"The judge runs notebooks in a kernel of its own, and can't obey {', '.join(runs)}.\n"
            "Take that out; what cells need can stand in a cell, a time limit in c.Execute.timeout."
        )


def without_effect(config: Config) -> list[str]:
    """List settings of steps that change nothing: the judge does in its own way what they are for.

    Returns
    -------
    list of str
        Such as "c.LimitOutput.max_lines".
    """
    obeyed = {*RUNS, "timeout", "enabled"}
    return sorted(
        name
        for step in STEPS
        for name in _of(config, step)
        if name.rpartition(".")[2] not in obeyed
        or (name.endswith(".enabled") and is_off(config, step))
    )


def is_set(config: Config, step: Any, option: str) -> bool:
    """Whether the settings say something of a step, by its name or those that it comes from."""
    return any(name.endswith(f".{option}") for name in _of(config, step))


def is_off(config: Config, step: Any) -> bool:
    """Whether a step isn't to be taken: the step reads it, as the command line gives text."""
    return is_set(config, step, "enabled") and not step(config=config).enabled


def _of(config: Config, step: Any) -> Iterator[str]:
    """Give what the settings say of a step, by the name of the class that they say it of."""
    classes = [each.__name__ for each in step.mro() if hasattr(each, "class_traits")]
    for name in (name for name in classes if name in config):
        for option in config[name]:
            if option in step.class_trait_names(config=True):
                yield f"c.{name}.{option}"

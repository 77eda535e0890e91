"""Settings that say nothing to anybody: a name in them is misspelled."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import nbgrader.preprocessors
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, Configurable

from mlpkit.grading.job import CourseError


def refuse_misspelled(config: Config, own: type[Configurable]) -> None:
    """Refuse options of the judge that there are not.

    Raises
    ------
    CourseError
        With the name that may be meant.
    """
    for told in _options(config, {own.__name__: _names(own)}):
        there = ", ".join(sorted(_names(own)))
        raise CourseError(f"{told}\nThere are c.{own.__name__}: {there}.")


def misspelled(config: Config) -> list[str]:
    """Say which settings of grading have a name that nbgrader doesn't know.

    Returns
    -------
    list of str
        A sentence each.
    """
    classes = [Autograde, CourseDirectory, *vars(nbgrader.preprocessors).values()]
    known: dict[str, set[str]] = {}
    for each in classes:
        for one in each.mro() if isinstance(each, type) and issubclass(each, Configurable) else ():
            if issubclass(one, Configurable):
                known[one.__name__] = known.get(one.__name__, set()) | _names(one)
    everything = {one.__name__ for one in _below(Configurable)}
    return [*_options(config, known), *_sections(config, known, everything)]


def _names(each: Any) -> set[str]:
    return set(each.class_trait_names(config=True))


def _options(config: Config, known: dict[str, set[str]]) -> Iterator[str]:
    for section in (name for name in known if name in config):
        for option in sorted(set(config[section]) - known[section]):
            yield _told(f"c.{section}.{option}", get_close_matches(option, known[section], 1))


def _sections(config: Config, known: dict[str, set[str]], everything: set[str]) -> Iterator[str]:
    """Name sections that are nearly one of those; other programs have their own in the file."""
    for section in sorted(set(config) - everything):
        close = get_close_matches(section, {*known, "Judge"}, 1, cutoff=0.85)
        if close and config[section]:
            yield _told(f"c.{section}", close)


def _told(name: str, close: list[str]) -> str:
    meant = f"; {close[0]} may be meant" if close else ""
    return f"There is no setting {name}{meant}."


def _below(each: type) -> Iterator[type]:
    yield each
    children: list[type] = type.__subclasses__(each)
    for child in children:
        yield from _below(child)

"""What commands have in common: how they are typed, and how they speak."""

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mlpkit.grading.workers.pool import Judged, Progress

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class AnyOrder(argparse.ArgumentParser):
    """Takes options before, between and behind what else a command is given."""

    _inside = False

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """Parse as argparse does, which itself takes options at either end alone."""
        if self._inside or self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._inside = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._inside = False


ANY_ORDER: type[argparse.ArgumentParser] = AnyOrder


def add_student(parser: argparse.ArgumentParser, help: str = "only this one; repeatable") -> None:
    """Let a command be of some students alone."""
    parser.add_argument("--student", action="append", default=[], metavar="ID", help=help)


def add_workers(parser: argparse.ArgumentParser, help: str) -> None:
    """Let somebody say how many processes a command starts."""
    parser.add_argument("--workers", type=positive, default=os.cpu_count(), metavar="N", help=help)


def positive(text: str) -> int:
    """Read a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def printable(text: str, keep: str = "") -> str:
    """Give a text without what would steer the terminal: students chose some of it."""
    return "".join(letter if letter.isprintable() or letter in keep else "?" for letter in text)


def say(lines: Iterable[str]) -> int:
    """Print lines, of which students chose some letters; return the status for success."""
    for line in lines:
        print(printable(line))
    return 0


def bar(unit: str = "submission") -> "Progress":
    """Give what shows how far a loop is, where somebody looks."""
    from tqdm import tqdm

    def show(judged: "Judged", total: int) -> "Judged":
        shown: Judged = tqdm(judged, total=total, unit=unit, disable=None)
        return shown

    return show

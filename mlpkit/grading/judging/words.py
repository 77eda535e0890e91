"""What a student is told of a failed test: the instructor's words, and nothing that is hidden."""

import re
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mlpkit.grading.job import Limits
from mlpkit.grading.judging import proxy
from mlpkit.grading.judging.execution import OutOfTime
from mlpkit.grading.judging.kits_words import kits_words
from mlpkit.grading.room.kernel import KernelEnded
from mlpkit.grading.text import clean
from mlpkit.grading.text.checks import Check
from mlpkit.grading.text.plan import Plan
from mlpkit.grading.text.vocabulary import NUMBER

MESSAGE, HIDDEN_MESSAGE, ITEMS = 2000, 300, 50
HIDDEN, LAST_CALL = "Hidden check: ", "The last call was "
# Where NumPy's comparisons begin to print values.
VALUES = ("Mismatched elements", "First ", "ACTUAL:", "DESIRED:", "x:", "y:", "Max absolute", "[")
# How a kernel ended is a number of the submission's choice.
CHOSEN = re.compile(r" (?:with code|by signal) \d+")


@dataclass(frozen=True)
class Said:
    """One thing that a test says, and of what part.

    Parameters
    ----------
    text : str
    hidden : bool
        Of a part that students don't see.
    call : str or None
        The last call of that part, with the shapes of arguments and result.
    check : bool
        False for what is said of the run as a whole.
    """

    text: str
    hidden: bool = False
    call: str | None = None
    check: bool = True

    def lines(self) -> list[tuple[str, str]]:
        """Give its messages with their kinds; see :class:`mlpkit.grading.job.Grade`."""
        kind = "hidden" if self.hidden else "check" if self.check else "note"
        text = clean.words(self.text, MESSAGE)
        if self.hidden:
            text = HIDDEN + text
        elif text.startswith(HIDDEN.strip()):  # no submission's words are taken for the judge's
            text = f"The check says: {text}"
        call = [] if self.call is None else [("call", f"{LAST_CALL}{self.call}.")]
        return [(kind, text), *((kind, clean.words(line, MESSAGE)) for kind, line in call)]


def explain(error: BaseException, hidden: bool, limits: Limits) -> Said:
    """Say what went wrong, for the student; of a hidden part, nothing that it holds.

    Parameters
    ----------
    error : BaseException
    hidden : bool
        It happened in a hidden part.
    limits : Limits
    """
    if isinstance(error, OutOfTime):
        return Said(f"The test took longer than {limits.cell_seconds:g} seconds.", check=False)
    if isinstance(error, KernelEnded):
        return Said(f"The submission's kernel had ended: {error}.", check=False)
    if isinstance(error, proxy.StudentError):
        return Said(error.without_words if hidden else str(error), hidden)
    if hidden:
        return Said(_instructors_words(error) or "the result is not right", hidden)
    if isinstance(error, AssertionError):
        return Said(_without_arrays(error) or "The result is not right.")
    return Said(f"{type(error).__name__}: {_without_arrays(error)}")


def _instructors_words(error: BaseException) -> str:
    """Give the message that an instructor wrote, nothing that a library made of the values."""
    if not isinstance(error, AssertionError):
        return str(error) if isinstance(error, NameError) else ""
    frames = traceback.extract_tb(error.__traceback__)
    if frames and frames[-1].filename.startswith("<"):
        return str(error)
    library = frames[-1].filename.replace("\\", "/") if frames else ""
    return _without_arrays(error) if "numpy/testing/" in library else ""


def _without_arrays(error: BaseException) -> str:
    """Give an error's words, each item of a list up to where arrays begin."""
    try:
        parts = re.split(r"^(?=- )", str(error).strip(), flags=re.MULTILINE)
    except Exception:
        return ""
    return "\n".join(filter(None, map(_up_to_arrays, parts)))


def _up_to_arrays(text: str) -> str:
    lines = text.strip().splitlines()
    # The first line is a title of NumPy's, or somebody's words: "[Errno 2] …", "First case: …".
    cut = [at for at, line in enumerate(lines) if at and line.lstrip().startswith(VALUES)]
    return "\n".join(lines[: cut[0]] if cut else lines)


def items(text: str) -> list[str]:
    """Split a list, of which each item starts with "- ", into its items; what leads it goes."""
    parts = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    return [part.strip() for part in parts if part.strip()]


def tell(things: Sequence[str], checks: Sequence[Check], calls: Mapping[int, str]) -> list[Said]:
    """Give each thing that a test says is wrong, with its part and its call.

    Parameters
    ----------
    things : list of str
    checks : list of Check
        Of the test's cell: they say of what part a thing is, and of which call.
    calls : dict of int to str
        The last call by line of that cell, in words, in the calls' order.
    """
    said: list[Said] = []
    for thing in things[:ITEMS]:
        fits = [check for check in checks if check.in_message(thing)]
        fits.sort(key=lambda check: thing.find(check.parts[0]))  # a title comes first
        inside = range(fits[0].first, fits[0].last + 1) if fits else ()
        call = [call for line, call in calls.items() if line in inside][-1:]
        said.append(Said(thing, bool(fits) and fits[0].hidden, call[0] if call else None))
    return said


def mask(said: Said, returned: Iterable[str], plan: Plan) -> Said:
    """Take out of what a hidden part says whatever a function could have chosen.

    Parameters
    ----------
    said : Said
    returned : iterable of str
        All strings that came back from calls.
    plan : Plan
        Whose titles and words stay.

    Returns
    -------
    Said
        With "…" for what is neither the instructor's nor the kit's. How a run ended stays, without
        the submission's own code.
    """
    if not said.check:
        return replace(said, text=CHOSEN.sub("", said.text))
    if not said.hidden:
        return said
    known = plan.vocabulary
    title = known.title_of(said.text)
    rest = said.text[len(title) :].removeprefix(": ")
    told = replace(known, words=known.words | kits_words()).kept(rest, returned)
    return replace(said, text=clean.text(": ".join(filter(None, (title, told))), HIDDEN_MESSAGE))


def combine(shown: Sequence[Said], judged: Sequence[Said]) -> list[Said]:
    """Say of the visible parts what a run said that saw nothing hidden, and no more.

    Parameters
    ----------
    shown : sequence of Said
        From a run of the visible parts alone.
    judged : sequence of Said
        From the run that counts.
    """
    left, said = list(shown), list[Said]()
    for each in judged:
        if each.hidden or not each.check:
            said.append(each)
            continue
        same = [one for one in left if _title(one.text) == _title(each.text)] or left[:1]
        if same:
            left.remove(same[0])
            said.append(same[0])
        else:
            said.append(Said("a visible part passed alone, and failed after hidden ones", True))
    return said


def _title(text: str) -> str:
    return NUMBER.sub("…", text.partition(": ")[0])

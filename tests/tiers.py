"""A pytest plugin: how much is run, and it is said what isn't.

    pytest --quick       an answer within a minute: what carries a mark below is left out
    pytest               everything but what is marked thorough
    pytest --thorough    everything, with more seeds

A file that is named on the command line is run all the same, but for its tests with such a mark.
"""

import gc
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

MARKS = {
    "slow": "takes more than a few seconds",
    "browser": "drives a real browser",
    "sandbox": "runs a student's code in bubblewrap's room",
    "install": "installs an environment",
    "notebook": "runs a whole notebook in a kernel",
    "frameworks": "needs PyTorch, TensorFlow or scikit-learn",
    "thorough": "is one of many of its kind, or shows what other programs do",
}
LEFT_OUT = {"quick": tuple(MARKS), "test": ("thorough",), "thorough": ()}
SEEDS = {"quick": 2, "test": 2, "thorough": 100}
# What hypothesis draws for a test that doesn't say how much.
EXAMPLES = {"quick": 6, "test": 50, "thorough": 300}


def few(values, number):
    """Parametrise by all values, of which only the first few are run without `--thorough`."""
    values = list(values)
    rest = [pytest.param(value, marks=pytest.mark.thorough) for value in values[number:]]
    return [*values[:number], *rest]


def tier(config):
    """Return "quick", "test" or "thorough"."""
    chosen = [name for name in ("quick", "thorough") if config.getoption(name)]
    if len(chosen) > 1:
        raise pytest.UsageError("--quick and --thorough are two answers to one question")
    return chosen[0] if chosen else "test"


@pytest.fixture(scope="session")
def seeds(pytestconfig):
    """Seeds to run a claim with that must hold for each."""
    return range(SEEDS[tier(pytestconfig)])


def pytest_addoption(parser):
    group = parser.getgroup("how much is run")
    group.addoption("--quick", action="store_true", help="leave out what takes its time")
    group.addoption("--thorough", action="store_true", help="leave nothing out, use more seeds")


def pytest_configure(config):
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    config.pluginmanager.register(LeavingOut(tier(config)))
    number = EXAMPLES[tier(config)]
    settings.register_profile("kit", deadline=None, derandomize=True, max_examples=number)
    settings.load_profile("kit")
    if tier(config) == "quick":
        folder = tempfile.TemporaryDirectory()
        config.add_cleanup(folder.cleanup)
        shadow(Path(folder.name), "bwrap", "chromium")


def shadow(folder, *programs):
    """Let programs fail that aren't run in the quick tier, so that a forgotten mark is noticed."""
    for name in programs:
        script = folder / name
        script.write_text(f"#!/bin/sh\necho '--quick runs no {name}: mark the test' >&2\nexit 1\n")
        script.chmod(0o755)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


def pytest_ignore_collect(collection_path, config):
    """In the quick tier read no notebook and import no module that is marked as a whole.

    What such a module imports may not be installed. None lets pytest decide.
    """
    return True if tier(config) == "quick" and marked_as_a_whole(collection_path) else None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Let the collector of garbage rest: what is collected stays, and to go through it is slow."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def marked_as_a_whole(path):
    """Whether all in a notebook, a module, or a folder of such modules takes its time."""
    if path.is_dir():
        modules = list(path.glob("test_*.py"))
        return bool(modules) and all(marked_as_a_whole(module) for module in modules)
    if path.suffix == ".ipynb":
        return True
    marked = re.search("^pytestmark = .*", path.read_text("utf-8"), re.MULTILINE)
    return bool(marked) and not set(MARKS).isdisjoint(re.findall(r"\w+", marked[0]))


class LeavingOut:
    """Leave tests out by their marks and count them, here or in xdist's workers."""

    def __init__(self, tier):
        self.tier, self.marks, self.counts = tier, LEFT_OUT[tier], {}

    def pytest_report_header(self):
        what = f"marked {', '.join(self.marks)}" if self.marks else "nothing"
        return f"left out: {what}; with {SEEDS[self.tier]} seeds"

    @pytest.hookimpl(trylast=True)  # what -m and -k choose against isn't left out by us
    def pytest_collection_modifyitems(self, config, items):
        found = {item: [m for m in self.marks if item.get_closest_marker(m)] for item in items}
        self.counts = dict(Counter(mark for marks in found.values() for mark in marks))
        items[:] = [item for item in items if not found[item]]
        config.hook.pytest_deselected(items=[item for item in found if found[item]])

    def pytest_sessionfinish(self, session):
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["left_out"] = self.counts

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.counts = getattr(node, "workeroutput", {}).get("left_out", self.counts)

    def pytest_terminal_summary(self, terminalreporter):
        whole = ["notebooks and modules marked as a whole"] if self.tier == "quick" else []
        said = [*whole, *(f"{number} {mark}" for mark, number in self.counts.items())]
        if said:
            terminalreporter.write_line(f"left out: {', '.join(said)}")

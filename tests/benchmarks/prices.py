"""What one more submission costs: processor seconds, beside a plain process and stock nbgrader.

Processor seconds (user and system, of a command and all that it started) hold also on a machine
that does other things. One more submission is the difference of a large class and a small one.

python -m tests.benchmarks.prices NAME    runs NAME's solution in this process, and prints seconds
"""

import os
import shutil
import statistics
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook

from tests.assignments.harness import load, run, submitted
from tests.benchmarks.courses import (
    adopt_orphans,
    bury_orphans,
    command,
    enter_course,
    finish,
    forget_marks,
)
from tests.benchmarks.processes import processor_seconds, race

NAMES = ("ps1", "ps2", "ps3")
GRADERS = {"mlpkit grade": ("mlpkit", "grade"), "nbgrader autograde": ("nbgrader", "autograde")}
ROUNDS, FEW = 2, 2


class Class:
    """A course folder with copies of one solution."""

    def __init__(self, name, copies):
        self.name, self.folder = (
            name,
            enter_course(name, load("solutions", name), submitted(name, {}), copies),
        )
        self.before = Path("gradebook.db").read_bytes()

    def grade(self, grader):
        """Grade it anew; return the processor seconds, and what each cell was given."""
        os.chdir(self.folder)
        forget_marks(self.before)
        before = processor_seconds()
        finish(command(*GRADERS[grader], self.name))
        bury_orphans()
        return processor_seconds() - before, self._marks()

    def _marks(self):
        with Gradebook("sqlite:///gradebook.db") as gradebook:
            return {
                (submission.student.id, grade.name): grade.auto_score
                for submission in gradebook.assignment_submissions(self.name)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }


def prices(further, names=NAMES):
    """Print the price of one more submission of each assignment, graders in turn."""
    adopt_orphans()
    print(f"\nprocessor seconds for one more submission (of {further}, medians of {ROUNDS})")
    for name in names:
        plain = race("tests.benchmarks.prices", [name], rounds=ROUNDS)[name]
        few, many = Class(name, FEW), Class(name, FEW + further)
        costs, marks = {grader: [] for grader in GRADERS}, []
        for _ in range(ROUNDS):
            for grader in GRADERS:
                (small, _), (large, found) = few.grade(grader), many.grade(grader)
                costs[grader].append((large - small) / further)
                marks.append(found)
        print(f"{name}: its cells and tests in one plain process {plain:.3f} s")
        for grader, each in costs.items():
            cost = statistics.median(each)
            print(f"  {grader:20s} {cost:7.3f} s, {cost - plain:7.3f} s beyond")
        same = all(found == marks[0] for found in marks)
        print(f"  {len(marks[0])} marks, {'the same' if same else 'NOT THE SAME'} by both")
        for each in (few, many):
            shutil.rmtree(each.folder)


if __name__ == "__main__":
    notebook = load("solutions", sys.argv[1])
    run(notebook)  # what is imported and compiled is not the cells' own
    start = time.process_time()
    run(notebook)
    print(time.process_time() - start)

"""A pytest plugin: each test of an assignment or an exercise can be chosen by its number.

    pytest -m ps2      all tests of assignment ps2
    pytest -m ps2_3    those of its third exercise

`pytest --markers` says which exercise is which.
"""

import json
from pathlib import Path

SOLUTIONS = Path(__file__).parents[1] / "solutions"


def numbered():
    """Return {assignment: [exercise, …]} in the order of the notebooks."""
    found = {}
    for path in sorted(SOLUTIONS.glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        about = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        graded = [data["grade_id"] for data in about if data.get("grade")]
        found[path.parent.name] = [name.removesuffix("_test") for name in graded]
    return found


def pytest_configure(config):
    config.numbered_exercises = numbered()
    for assignment, exercises in config.numbered_exercises.items():
        config.addinivalue_line("markers", f"{assignment}: tests of assignment {assignment}")
        for number, name in enumerate(exercises, start=1):
            config.addinivalue_line("markers", f"{assignment}_{number}: tests of {name}")


def pytest_itemcollected(item):
    """Mark a test that is parametrised by an assignment, or by it and an exercise."""
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    values = {value for value in values if isinstance(value, str)}
    for assignment, exercises in item.config.numbered_exercises.items():
        if assignment in values:
            item.add_marker(assignment)
            for number, name in enumerate(exercises, start=1):
                if name in values:
                    item.add_marker(f"{assignment}_{number}")

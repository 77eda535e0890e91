"""Late hand-ins: what they cost, and folders with a time."""

from tests.grading import notebooks

# Half a point for each day that is begun, three at most.
TWO_A_DAY = """
from math import ceil
from nbgrader.plugins import BasePlugin
class LateDays(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(0.5 * ceil(total_seconds_late / 86_400), 3.0)
c.AssignLatePenalties.plugin_class = LateDays
c.Term.timezone = "Europe/Berlin"
"""


def timed(text):
    """Return what writes a folder that was handed in at this time; None: one without a time."""

    def write(folder):
        (folder / "sheet.ipynb").write_bytes(notebooks.content(notebooks.answered()))
        if text is not None:
            (folder / "timestamp.txt").write_bytes(
                text if isinstance(text, bytes) else text.encode()
            )

    return write

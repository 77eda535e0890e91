"""nbgrader's exchange, where some of a class hand in another way."""

from typing import Any

from nbgrader.exchange.default import ExchangeReleaseFeedback

from mlpkit.grading.course.listing import SECRET, TIMESTAMP
from mlpkit.grading.course.places import found_in


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]  # nbgrader has no types
    """Gives back what came through the exchange, and names whose page has no way through it.

    nbgrader's own stops the whole class at the first of them.
    """

    def copy_files(self) -> None:
        """Copy the pages of those whose hand-in has a time and a secret."""
        course: Any = self.coursedir
        asked, excluded = course.student_id, course.student_id_exclude
        whose = None if asked in ("", "*") else asked
        without = {
            place.student
            for place in found_in(course, "feedback", whose, course.assignment_id)
            if not all((place.folder / name).is_file() for name in (TIMESTAMP, SECRET))
        }
        for student in sorted(without):
            self.log.warning(
                "%s didn't hand in through the exchange: give back the page another way", student
            )
        course.student_id_exclude = ",".join(filter(None, [excluded, *sorted(without)]))
        try:
            super().copy_files()
        finally:
            course.student_id_exclude = excluded

"""The instructor's part of the kit: judge submissions in a sandbox, keep nbgrader's formats.

A submission's code runs in a kernel inside bubblewrap; the tests run in a process of their own
and reach its functions by proxy. ``docs/architecture.md`` shows the rooms, a submission's way, and
what this promises and what it doesn't.
"""

from mlpkit.grading.job import Grade, Job, Limits, Result

__all__ = ["Grade", "Job", "Limits", "Result"]

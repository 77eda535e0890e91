"""The instructor's part of the kit: judge submissions in a sandbox, keep nbgrader's formats.

A submission's code runs in a kernel inside bubblewrap; the tests run in a process of their own
and reach its functions by proxy. What this does *not* promise:

- A function sees the arguments of every call, hidden tests' too, and may answer only those.
- A test that trusts what it is given is as weak as ever: ``abs(x - y) > 1e-6`` lets NaN pass,
  ``np.testing.assert_allclose`` an empty array, and a message that prints what it got prints
  what the submission chose.
- What a hidden test calls tells a function a little: which parts pass, and the kind and small
  sizes of what it returned, are shown.
- A submission that keeps every core busy slows its neighbours down until its time is up.
- Whoever can break Linux's namespaces can break this; it is no virtual machine.
- ``by hand`` takes away the modules that are listed, not other ways to the same result.
- ``--unsandboxed`` protects nothing but the tests and the shape of the row.
"""

from mlpkit.grading.job import Grade, Job, Limits, Result

__all__ = ["Grade", "Job", "Limits", "Result"]

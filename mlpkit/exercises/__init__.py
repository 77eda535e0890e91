"""What the test cells of the assignments share.

`calls` runs a student's function, `compare` compares what it returns, `credit` gives points for
the parts that are right, `drawn` draws inputs that are awkward, `laws` looks at random numbers,
`programs` draws networks as lists of operations, `by_tape` differentiates them, and `hand_in` looks
whether a notebook is ready. A test cell is a function, so that it leaves no name behind but its
own::

    @graded(4, "1. A log-softmax that never overflows")
    def log_softmax_test(credit, rng):
        with credit.part(3, "scores in rows"):
            U = rng.normal(size=(4, 3))
            check_close("log_softmax(U, axis=1)", call(log_softmax, U, 1), expected(U))
        with credit.hidden(1, "large scores"):
            …

    log_softmax_test
"""

from mlpkit.exercises.calls import call, fresh_rng
from mlpkit.exercises.compare import (
    check,
    check_all_close,
    check_arrays,
    check_close,
    check_tuple,
)
from mlpkit.exercises.credit import Credit, graded
from mlpkit.exercises.hand_in import ready_to_hand_in

__all__ = [
    "Credit",
    "call",
    "check",
    "check_all_close",
    "check_arrays",
    "check_close",
    "check_tuple",
    "fresh_rng",
    "graded",
    "ready_to_hand_in",
]

"""Run an exercise's mutations through its tests, and tell which of them keep full marks."""

import contextlib
import resource
import signal
import time

from mlpkit.grading.insight.mutations import mutations
from tests.assignments.harness import cell_of, points, run, with_answers

# A changed loop may not end, and a changed size may ask for all the memory there is. Seconds are of
# the processor, in times of what the solution takes: on a busy machine they are about as many.
TIMES, LEAST_SECONDS, MEMORY = 5, 0.3, 8 << 30


class TimeUp(BaseException):
    """The time is up; no test may catch this."""


@contextlib.contextmanager
def bounded(seconds, memory=MEMORY):
    """Raise TimeUp when the block takes too long, and MemoryError when it wants too much."""

    def ring(*_):
        raise TimeUp

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, ring)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


def survivors(source, exercise, seed=0, known=None):
    """List the mutations of an exercise's solution that keep full marks.

    Parameters
    ----------
    source : NotebookNode
        From solutions/.
    exercise : str
    seed : int
        Of the tests' random numbers.
    known : Known, optional

    Returns
    -------
    made : list of str
        The title of each mutation.
    kept : list of str
        Those that lose nothing.
    """
    made = mutations(cell_of(source, exercise).source)
    start = time.process_time()
    run(source, seed, exercise, known)
    seconds = max(LEAST_SECONDS, TIMES * (time.process_time() - start))
    kept = []
    for title, answer in made.items():
        notebook = with_answers(source, {exercise: answer})
        with contextlib.suppress(TimeUp), bounded(seconds):
            earned = run(notebook, seed, exercise, known).points
            if earned[f"{exercise}_test"] == points(source)[f"{exercise}_test"]:
                kept.append(title)
    return list(made), kept

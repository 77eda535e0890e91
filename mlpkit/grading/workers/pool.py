"""Judging many submissions at once on this machine: threads that wait for servers."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, TypeVar

from mlpkit.grading.job import Job, Result
from mlpkit.grading.workers.servers import judge_submission, shared

Key = TypeVar("Key")
Judged = Iterable[tuple[Any, Result]]
# Wraps the loop over (iterable, total): a progress bar.
Progress = Callable[[Judged, int], Judged]


def no_progress(judged: Judged, total: int) -> Judged:
    """Show nothing of how far the judging is."""
    return judged


def judge_all(
    jobs: Iterable[tuple[Key, Job]], workers: int = 2
) -> Generator[tuple[Key, Result], None, None]:
    """Judge jobs as servers become free; each comes back once, in any order.

    Only a few jobs are held at a time, however many there are.

    Parameters
    ----------
    jobs : iterable of (key, Job)
    workers : int
        How many to judge at a time.

    Yields
    ------
    key, Result
    """
    jobs = iter(jobs)
    waiting: dict[Future[Result], Key] = {}
    with ThreadPoolExecutor(workers) as threads:

        def submit(count: int) -> None:
            for key, job in islice(jobs, count):
                waiting[threads.submit(judge_submission, job)] = key

        try:
            submit(2 * workers)
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    key = waiting.pop(future)
                    submit(1)
                    yield key, future.result()
        except BaseException:
            # Nobody waits any more: what waits is dropped, what is being judged ends.
            threads.shutdown(wait=False, cancel_futures=True)
            shared().close()
            raise

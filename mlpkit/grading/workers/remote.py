"""Judging many submissions at once by a Dask scheduler's workers, on other machines."""

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any, TypeVar

from mlpkit.grading.job import CourseError, Job, Result
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.room.bubblewrap import SandboxMissing
from mlpkit.grading.workers import kit
from mlpkit.grading.workers.servers import judge_submission

try:
    import dask
    from distributed import Client, Future, KilledWorker, Security, as_completed
except ModuleNotFoundError as error:
    raise CourseError(
        f"No {error.name} here, which --scheduler needs.\n"
        "Install it: pip install 'mlpkit[cluster]'; without --scheduler all goes on here."
    ) from error

Key = TypeVar("Key")
# Sent as text: of a function that it hasn't, a worker without the kit would die unheard.
JUDGE = f"__import__({__name__!r}, fromlist=['judge_tree']).judge_tree(tree, asked)"
GONE = "{}.\nStart one and run the same command again: nothing judged so far is lost."
# Seconds between looks for workers, and without any.
LOOK_EVERY, PATIENCE = 2.0, 60.0
# What comes of asking a worker without the kit, or with one that is asked otherwise.
NO_KIT = (ImportError, AttributeError, TypeError)
SETTINGS = {
    "logging.distributed": "error",
    "distributed.comm.timeouts.connect": "15s",
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


class OtherKit(Exception):
    """A worker has another kit than the command; the message says in what it differs."""


def judge_tree(tree: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """Judge a job given as plain data, and return the result as plain data; runs on a worker.

    Raises
    ------
    OtherKit
        If the worker's is another than the one that asks: marks could depend on it.
    """
    if different := kit.others(asked):
        raise OtherKit(different)
    return judge_submission(Job.from_json(tree)).to_json()


def judge_all(
    jobs: Iterable[tuple[Key, Job]], scheduler: str, tls: dict[str, str] | None = None
) -> Generator[tuple[Key, Result], None, None]:
    """Judge jobs as workers become free; each comes back once, in any order.

    Only a few jobs are held at a time, however many there are. A worker that dies has its job
    done again by another, a few times at most; that is Dask's to count.

    Parameters
    ----------
    jobs : iterable of (key, Job)
    scheduler : str
        Address of a running scheduler, "tcp://10.0.0.5:8786" for example. Its workers need the
        kit and bubblewrap, and nothing else: no shared folder, no database.
    tls : dict of str to str, optional
        The files "tls_ca_file", "tls_client_cert" and "tls_client_key", for a scheduler at a
        "tls://" address.

    Yields
    ------
    key, Result

    Raises
    ------
    CourseError
        If no scheduler answers there, it has no workers or one with another kit, or it goes away.
    SandboxMissing
        If a worker has no bubblewrap.
    """
    with dask.config.set(SETTINGS), contextlib.closing(_connect(scheduler, tls)) as client:
        yield from _judge(client, iter(jobs))


def _connect(scheduler: str, tls: dict[str, str] | None) -> Client:
    try:
        # Without files of ours, whatever Dask's own configuration says.
        security = Security(require_encryption=True, **tls) if tls else None
        client = Client(scheduler, security=security)
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {scheduler} ({error}).\n"
            "Start one with: dask scheduler; its address is in what it prints."
        ) from error
    if not client.nthreads():
        client.close()
        raise CourseError(
            f"The scheduler at {scheduler} has no workers.\n"
            f"Start some, with the kit installed: dask worker {scheduler}"
        )
    return client


def _judge(
    client: Client, jobs: Iterator[tuple[Key, Job]]
) -> Generator[tuple[Key, Result], None, None]:
    asked: dict[object, tuple[Key, Job]] = {}
    waiting, about = as_completed(), kit.here()

    def submit_next() -> None:
        for key, job in jobs:
            given = {"tree": job.to_json(), "asked": about}
            future = client.submit(eval, JUDGE, given, pure=False)
            asked[future.key] = key, job
            waiting.add(future)
            return

    for _ in range(2 * max(1, sum(client.nthreads().values()))):
        submit_next()
    for future in _done(client, waiting):
        if future.status in ("pending", "lost"):  # its worker died with the result: done again
            waiting.add(future)
            continue
        if future.status == "cancelled":
            raise CourseError(GONE.format("The scheduler is gone"))
        key, job = asked.pop(future.key)
        result = _result(future, job)
        future.release()
        submit_next()
        yield key, result


def _done(client: Client, waiting: as_completed) -> "Iterator[Future[Any]]":
    """Yield what is done, as long as there is anybody to do it."""
    seen = looked = time.monotonic()
    while not waiting.is_empty():
        found = waiting.next_batch(block=False)
        yield from found
        now = time.monotonic()
        if found:
            seen = now
        elif now - looked > LOOK_EVERY:
            looked = now
            with contextlib.suppress(OSError):  # the scheduler is gone, and its futures will be
                seen = now if client.nthreads() else seen
            if now - seen > PATIENCE:
                raise CourseError(GONE.format("All workers of the scheduler are gone"))
        else:
            time.sleep(0.02)


def _result(future: "Future[Any]", job: Job) -> Result:
    if future.status == "finished":
        return Result.from_json(future.result())
    error = future.exception()
    if isinstance(error, SandboxMissing):
        raise error
    if isinstance(error, (OtherKit, *NO_KIT)):
        what = str(error) if isinstance(error, OtherKit) else f"{type(error).__name__}: {error}"
        raise CourseError(
            f"A worker of the scheduler can't judge as this machine does: {what}.\n"
            "Install the same kit, Python and NumPy there; nothing judged so far is lost."
        )
    if isinstance(error, KilledWorker):
        return refuse(job, "every worker that tried to judge it died", died=True)
    return refuse(job, f"the judge itself failed: {type(error).__name__}: {error}", died=True)

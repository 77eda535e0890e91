"""Judging many submissions at once by a Dask scheduler's workers, on other machines."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, TypeVar

from mlpkit.grading.job import CourseError, Job, Result
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.room.bubblewrap import SandboxMissing
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
SETTINGS = {
    "logging.distributed": "error",
    "distributed.comm.timeouts.connect": "15s",
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


def judge_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """Judge a job given as plain data, and return the result as plain data; runs on a worker."""
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
        If no scheduler answers there, it has no workers, or it goes away.
    SandboxMissing
        If a worker has no bubblewrap.
    """
    with dask.config.set(SETTINGS), closing(_connect(scheduler, tls)) as client:
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
    waiting = as_completed()

    def submit_next() -> None:
        for key, job in jobs:
            future = client.submit(judge_tree, job.to_json(), pure=False)
            asked[future.key] = key, job
            waiting.add(future)
            return

    for _ in range(2 * max(1, sum(client.nthreads().values()))):
        submit_next()
    for future in waiting:
        if future.status in ("pending", "lost"):  # its worker died with the result: done again
            waiting.add(future)
            continue
        if future.status == "cancelled":
            raise CourseError(
                "The scheduler is gone.\n"
                "Start one and run the same command again: nothing judged so far is lost."
            )
        key, job = asked.pop(future.key)
        result = _result(future, job)
        future.release()
        submit_next()
        yield key, result


def _result(future: "Future[Any]", job: Job) -> Result:
    if future.status == "finished":
        return Result.from_json(future.result())
    error = future.exception()
    if isinstance(error, SandboxMissing):
        raise error
    if isinstance(error, KilledWorker):
        return refuse(job, "every worker that tried to judge it died", died=True)
    return refuse(job, f"the judge itself failed: {type(error).__name__}: {error}", died=True)

"""Judging many submissions at once: a local pool, or Dask workers on other machines."""

from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, as_completed

from mlpkit.grading.errors import CourseError
from mlpkit.grading.job import Job
from mlpkit.grading.judging.submission import judge_submission

SETTINGS = {
    "logging.distributed": "error",
    "distributed.comm.timeouts.connect": "15s",
    # What the schedulers of a class would tell over HTTP.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


def judge_tree(tree):
    """Judge a job given as plain data, and return the result as plain data; runs on a worker."""
    return judge_submission(Job.from_json(tree)).to_json()


@contextmanager
def open_client(scheduler=None, workers=2):
    """Connect to a Dask scheduler, or start worker processes here.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running scheduler, "tcp://10.0.0.5:8786" for example. Its workers need the
        kit and bubblewrap, and nothing else: no shared folder, no database.
    workers : int
        How many submissions to judge at a time here, without one.

    Yields
    ------
    distributed.Client

    Raises
    ------
    CourseError
        If no scheduler answers, or it has no workers.
    """
    with dask.config.set(SETTINGS):
        if scheduler is not None:
            with _connect(scheduler) as client:
                yield client
            return
        # Threads that wait: what judges are processes of their own.
        local = {"processes": False, "silence_logs": "CRITICAL"}
        local |= dict.fromkeys(("dashboard_address", "worker_dashboard_address"), "127.0.0.1:0")
        with (
            LocalCluster(n_workers=1, threads_per_worker=workers, memory_limit=0, **local) as near,
            Client(near) as client,
        ):
            yield client


def _connect(scheduler):
    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {scheduler}.\n"
            "Start one with: dask scheduler; its address is in what it prints."
        ) from error
    if not client.nthreads():
        client.close()
        raise CourseError(
            f"The scheduler at {scheduler} has no workers.\n"
            f"Start some, with the kit installed: dask worker {scheduler}"
        )
    return client


def judge_all(client, jobs):
    """Judge jobs as workers become free; each comes back once, in any order.

    Only a few jobs are held at a time, however many there are. A worker that dies has its job
    done again by another, a few times at most.

    Parameters
    ----------
    client : distributed.Client
    jobs : iterable of (key, Job)

    Yields
    ------
    key, dict or BaseException
        The result as plain data; or what the workers' own failure was.

    Raises
    ------
    CourseError
        If the scheduler is gone.
    """
    jobs, keys, waiting = iter(jobs), {}, as_completed()

    def submit_next():
        for key, job in jobs:
            future = client.submit(judge_tree, job.to_json(), pure=False)
            keys[future.key] = key
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
        key = keys.pop(future.key)
        outcome = future.result() if future.status == "finished" else future.exception()
        future.release()
        submit_next()
        yield key, outcome

"""Whatever is killed, full or locked: a second call goes on, and the marks are the same."""

import contextlib
import errno
import os
import random
import shutil
import sqlite3
import threading
import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell
from sqlalchemy import event
from sqlalchemy.engine import Engine

import mlpkit
from mlpkit.grading.cli import main
from mlpkit.grading.course import gradebook, guards, journal, run
from mlpkit.grading.course.files import Course
from mlpkit.grading.job import CourseError
from mlpkit.grading.workers import remote
from tests.commands import BIN, FORKSERVER
from tests.grading import notebooks
from tests.grading.course_factory import grade, hand_in, make_course, marks
from tests.tiers import few

pytestmark = pytest.mark.sandbox

DASK = str(BIN / "dask")


def slowly(book, seconds):
    book.cells.insert(1, new_code_cell(f"import time; time.sleep({seconds})"))
    return book


CLASS = {
    "ada": notebooks.answered(),
    "ben": slowly(notebooks.answered(double="def double(x):\n    return x"), 0.2),
    "cay": notebooks.release(notebooks.course()),
    "dan": b"no notebook",
}
RIGHT = {
    ("ada", "check-double"): 2.0,
    ("ada", "check-mean"): 2.0,
    ("ben", "check-double"): 0.0,
    ("ben", "check-mean"): 2.0,
    ("cay", "check-double"): 0.0,
    ("cay", "check-mean"): 0.0,
    ("dan", "check-double"): 0.0,
    ("dan", "check-mean"): 0.0,
}


def automatic(course):
    """Return the machine's marks; those by hand wait for a person in every run."""
    return {key: row[0] for key, row in marks(course).items() if key[1] != "words"}


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path, CLASS)


class Cluster:
    """A Dask scheduler and two workers, in a folder without any course.

    Parameters
    ----------
    folder : Path
    modules : dict of str to str
        By role, where it looks for modules first.
    """

    def __init__(self, folder, modules=None):
        self.folder, self.file = folder, folder / "scheduler.json"
        self.modules = modules or {}
        self.scheduler = self.start("scheduler", "--port", "0")
        self.workers = [self.worker() for _ in range(2)]

    def start(self, role, *words):
        command = [DASK, role, "--scheduler-file", str(self.file), "--host", "127.0.0.1"]
        first = str(self.modules.get(role, ""))
        environment = {**os.environ, "PYTHONPATH": first, "OPENBLAS_NUM_THREADS": "1"}
        with open(self.folder / f"{role}.log", "a") as log:
            return psutil.Popen(
                [*command, "--no-dashboard", *words],
                cwd=self.folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    def worker(self):
        return self.start("worker", "--nthreads", "1", "--no-nanny")

    @property
    def address(self):
        """Where it is, once both workers are there."""
        from distributed import Client

        with Client(scheduler_file=str(self.file), timeout="30s") as client:
            client.wait_for_workers(len(self.workers), timeout=60)
            return client.scheduler.address

    def family(self):
        """Processes of the workers: servers, sandboxes, kernels."""
        return [child for worker in self.workers for child in worker.children(recursive=True)]

    def replace_dead(self):
        alive = [worker for worker in self.workers if worker.poll() is None]
        self.workers = alive + [self.worker() for _ in range(2 - len(alive))]

    def close(self):
        family = self.family()
        # A Dask worker that loses its scheduler while it closes may hang: the scheduler goes last.
        for processes in (self.workers, [self.scheduler]):
            for process in processes:
                with contextlib.suppress(psutil.NoSuchProcess):  # killed by the test
                    process.terminate()
            for process in psutil.wait_procs(processes, timeout=15)[1]:
                process.kill()
                process.wait()
        _, left = psutil.wait_procs(family, timeout=15)
        return left


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("elsewhere"))
    yield cluster
    assert cluster.close() == []


def coordinate(folder, scheduler):
    """Grade the class from a process of its own."""
    grade(Course(folder), scheduler=scheduler)


def start_coordinator(course, cluster):
    process = FORKSERVER.Process(target=coordinate, args=(str(course.root), cluster.address))
    process.start()
    return process


@pytest.mark.slow
@pytest.mark.parametrize("number", few(range(30), 3))
def test_a_coordinator_killed_at_any_moment_is_gone_on_from(course, cluster, number):
    coordinator = start_coordinator(course, cluster)
    time.sleep(random.Random(number).uniform(0, 1.2))
    coordinator.kill()
    coordinator.join()
    grade(course, scheduler=cluster.address)
    assert automatic(course) == RIGHT
    assert len(list(course.root.glob("autograded/*/ps1/sheet.ipynb"))) == len(CLASS)


@pytest.mark.slow
@pytest.mark.parametrize("number", few(range(15), 2))
def test_any_process_of_the_judging_may_be_killed(course, cluster, number):
    cluster.address  # noqa: B018 (waits for both workers)
    chance = random.Random(number)
    coordinator = start_coordinator(course, cluster)
    time.sleep(chance.uniform(0.1, 1.2))
    kill_one_of(cluster.family(), chance)
    coordinator.join(60)
    assert coordinator.exitcode == 0
    assert automatic(course) == RIGHT


def kill_one_of(family, chance):
    while family:
        victim = family.pop(chance.randrange(len(family)))
        try:
            return victim.kill()
        except psutil.NoSuchProcess:
            continue  # it ended by itself meanwhile


@pytest.mark.slow
@pytest.mark.parametrize("number", few(range(5), 2))
def test_a_worker_killed_during_a_job_has_it_done_by_the_other(course, cluster, number):
    cluster.address  # noqa: B018
    coordinator = start_coordinator(course, cluster)
    time.sleep(random.Random(number).uniform(0.2, 1.0))
    worker = cluster.workers[number % 2]
    worker.kill()
    worker.wait(30)  # until it counts as dead: the coordinator may have ended before
    coordinator.join(60)
    cluster.replace_dead()
    assert coordinator.exitcode == 0
    assert automatic(course) == RIGHT


@pytest.mark.slow
@pytest.mark.parametrize("number", few(range(6), 1))
def test_a_scheduler_killed_in_the_middle_is_told_and_nothing_is_lost(tmp_path, number):
    slow = {name: slowly(notebooks.answered(), 0.3) for name in ("eve", "fay", "gil")}
    course = make_course(tmp_path / "course", CLASS | slow)
    (tmp_path / "elsewhere").mkdir()
    cluster = Cluster(tmp_path / "elsewhere")
    try:
        address, kill = cluster.address, threading.Timer(0.4 * number, cluster.scheduler.kill)
        kill.start()
        with pytest.raises(CourseError, match=r"(?s)scheduler.*(nothing judged|dask scheduler)"):
            grade(course, scheduler=address)
        cluster.scheduler.wait(10)
    finally:
        assert cluster.close() == []
    before = len(list(course.root.glob("autograded/*/ps1/sheet.ipynb")))
    summary = grade(course)
    assert summary.kept >= before and summary.kept + summary.judged == len(CLASS) + 3
    right = {(name, f"check-{what}"): 2.0 for name in slow for what in ("double", "mean")}
    assert automatic(course) == RIGHT | right


@pytest.mark.slow
@pytest.mark.parametrize("number", few(range(3), 1))
def test_without_any_worker_left_it_is_told_and_nothing_is_lost(
    course, tmp_path, monkeypatch, number
):
    monkeypatch.setattr(remote, "PATIENCE", 3.0)
    (tmp_path / "elsewhere").mkdir()
    cluster = Cluster(tmp_path / "elsewhere")
    kills = [threading.Timer(0.8 * number + 0.8, worker.kill) for worker in cluster.workers]
    try:
        address = cluster.address
        for kill in kills:
            kill.start()
        with pytest.raises(CourseError, match=r"(?s)[wW]orkers.*(nothing judged|dask worker)"):
            grade(course, scheduler=address)
    finally:
        cluster.close()
    grade(course)
    assert automatic(course) == RIGHT


OLDER = "def judge_all(jobs): pass"


def other_kit(folder, kind):
    """Put into a folder a kit that isn't this one."""
    if kind == "another kit":
        shutil.copytree(Path(mlpkit.__file__).parent, folder / "mlpkit")
        changed = folder / "mlpkit" / "by_hand.py"
        changed.write_text(f"{changed.read_text()}\n# changed\n")
        return
    workers = folder / "mlpkit" / "grading" / "workers"
    workers.mkdir(parents=True)
    (folder / "mlpkit" / "__init__.py").touch()
    if kind == "an older kit":
        for place in (workers, workers.parent):
            (place / "__init__.py").touch()
        (workers / "remote.py").write_text(OLDER)


KITS = ["no kit", "an older kit", "another kit"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", few(KITS, 1))
def test_a_worker_with_another_kit_judges_nobody_and_is_told_in_words(tmp_path, kind):
    course = make_course(tmp_path / "course", CLASS)
    other_kit(tmp_path / "kit", kind)
    cluster = Cluster(tmp_path, {"worker": tmp_path / "kit"})
    try:
        with pytest.raises(CourseError) as told:
            grade(course, scheduler=cluster.address)
    finally:
        assert cluster.close() == []
    lines = str(told.value).splitlines()
    assert len(lines) == 2 and "Install the same kit" in lines[1], lines
    assert marks(course) == {}
    grade(course)
    assert automatic(course) == RIGHT


@pytest.mark.slow
@pytest.mark.parametrize("kind", few(KITS, 1))
def test_a_scheduler_needs_no_kit(tmp_path, kind):
    course = make_course(tmp_path / "course", CLASS)
    other_kit(tmp_path / "kit", kind)
    cluster = Cluster(tmp_path, {"scheduler": tmp_path / "kit"})
    try:
        grade(course, scheduler=cluster.address)
    finally:
        assert cluster.close() == []
    assert automatic(course) == RIGHT


def test_without_a_scheduler_or_workers_it_says_what_to_start(course, tmp_path):
    with pytest.raises(CourseError, match=r"(?s)No Dask scheduler answers.*dask scheduler"):
        grade(course, scheduler="tcp://127.0.0.1:1")


class FullDisk:
    """Let the first few writes through, then none."""

    def __init__(self, writes):
        self.left = writes

    def __call__(self, descriptor):
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "sheet.json")


@pytest.mark.parametrize("writes", few([1, 0, 2, 5], 2))
def test_a_full_disk_is_said_and_nothing_is_lost(course, monkeypatch, writes):
    with monkeypatch.context() as patch:
        patch.setattr(journal.os, "fsync", FullDisk(writes))
        with pytest.raises(CourseError, match=r"(?s)No space left.*nothing judged so far is lost"):
            grade(course)
    grade(course)
    assert automatic(course) == RIGHT
    assert not list(course.root.rglob("*.new"))


def test_a_full_gradebook_is_said_and_nothing_is_lost(course):
    def fill(connection, _):
        connection.execute("PRAGMA max_page_count = 1")

    # Small pages: else the few rows of this class fit into what is left of the last ones.
    with sqlite3.connect(course.root / "gradebook.db") as small:
        small.executescript("PRAGMA page_size = 512; VACUUM")
    small.close()
    event.listen(Engine, "connect", fill)
    try:
        with pytest.raises(CourseError, match=r"(?s)database or disk is full.*lost"):
            grade(course)
    finally:
        event.remove(Engine, "connect", fill)
    grade(course)
    assert automatic(course) == RIGHT


def test_a_locked_gradebook_is_waited_for_then_said(tmp_path, monkeypatch):
    where = f"c.CourseDirectory.db_url = 'sqlite:///{tmp_path}/gradebook.db?timeout=0.1'"
    course = make_course(tmp_path, CLASS, config=where)
    grade(course, students=frozenset(["ada"]))
    monkeypatch.setattr(gradebook, "PATIENCE", 0.5)
    with sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match=r"(?s)stays locked.*nothing judged so far is lost"):
            grade(course)
        other.execute("ROLLBACK")
    other.close()
    grade(course)
    assert automatic(course) == RIGHT


def test_a_gradebook_locked_for_a_moment_only_delays(course):
    with sqlite3.connect(course.root / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        process = FORKSERVER.Process(
            target=coordinate_some, args=(str(course.root), ["dan"])
        )  # fmt: skip
        process.start()
        time.sleep(1.5)
        assert process.is_alive()
        other.execute("ROLLBACK")
    other.close()
    process.join(60)
    assert process.exitcode == 0
    assert automatic(course) == {key: 0.0 for key in RIGHT if key[0] == "dan"}


def coordinate_some(folder, students):
    grade(Course(folder), students=frozenset(students))


def test_results_outlive_a_gradebook_that_refused_them(course, monkeypatch):
    hand_in(course.root, "eve", notebooks.answered())
    with monkeypatch.context() as patch:
        patch.setattr(gradebook, "PATIENCE", 0.0)
        refused = sqlite3.OperationalError("database is locked")
        patch.setattr(
            gradebook.Writer,
            "record",
            lambda *_: (_ for _ in ()).throw(gradebook.OperationalError("INSERT", {}, refused)),
        )
        with pytest.raises(CourseError, match="stays locked"):
            grade(course, students=frozenset(["eve"]))
    monkeypatch.setattr(run.pool, "judge_all", None)  # judged before: only written now
    grade(course, students=frozenset(["eve"]))
    assert automatic(course) == {("eve", "check-double"): 2.0, ("eve", "check-mean"): 2.0}


def test_a_second_run_at_the_same_time_is_refused(course):
    with (
        guards.only_one(run.journal_of(course, "ps1").folder, "ps1"),
        pytest.raises(CourseError, match=r"(?s)Another run is grading ps1.*Wait"),
    ):
        grade(course)


def test_a_folder_that_cannot_be_written_is_said(course):
    # A file in its place: permissions stop nobody who tests as root.
    (course.root / "autograded").write_text("")
    with pytest.raises(CourseError, match=r"(?s)autograded.*nothing judged so far is lost"):
        grade(course)
    (course.root / "autograded").unlink()
    grade(course)
    assert automatic(course) == RIGHT


def damaged(path, kind):
    content = path.read_bytes()
    page = 4096
    path.write_bytes(
        {
            "garbage": b"no database at all " * 500,
            "cut": content[: 10 * page],
            "overwritten": content[:page] + b"\x5a" * page * 3 + content[4 * page :],
        }[kind]
    )


@pytest.mark.sandbox
@pytest.mark.parametrize("kind", few(["overwritten", "garbage", "cut"], 1))
def test_a_damaged_gradebook_is_told_in_words_and_written_anew_on_request(tmp_path, kind, capsys):
    course = make_course(tmp_path, {"ada": notebooks.answered(), "ben": notebooks.answered()})
    command = ["--course", str(tmp_path)]
    assert main([*command, "grade", "ps1", "--new-gradebook"]) == 1
    assert "is not damaged" in capsys.readouterr().err
    assert main([*command, "grade", "ps1"]) == 0
    before = marks(course)
    damaged(tmp_path / "gradebook.db", kind)
    capsys.readouterr()
    for words in (["grade", "ps1"], ["report", "ps1", "--to", str(tmp_path / "reports")]):
        assert main([*command, *words]) == 1
        said = capsys.readouterr().err
        assert "is damaged" in said and "--new-gradebook" in said and "Traceback" not in said
        assert len(said.splitlines()) == 2
    assert not (tmp_path / "reports").exists()
    assert main([*command, "grade", "ps1", "--new-gradebook"]) == 0
    assert "0 judged, 2 unchanged" in capsys.readouterr().out
    assert marks(course) == before
    assert (tmp_path / "gradebook.db.damaged-1").exists()


@pytest.mark.sandbox
def test_a_report_that_cannot_be_written_is_told_in_words(tmp_path, capsys, monkeypatch):
    make_course(tmp_path, {"ada": notebooks.answered()})
    command = ["--course", str(tmp_path)]
    assert main([*command, "grade", "ps1"]) == 0
    (tmp_path / "file").touch()
    for target in ("/proc/none", "/dev/full/x", str(tmp_path / "file" / "below")):
        capsys.readouterr()
        assert main([*command, "report", "ps1", "--to", target]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 2

"""Grading by a Dask scheduler that only those with a certificate reach, and without Dask at all."""

import os
import subprocess
import time

import psutil
import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.workers import remote
from tests.commands import BIN
from tests.grading import notebooks
from tests.grading.course_factory import make_course, marks
from tests.tiers import few

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder, days=2):
    """Make an authority and one certificate of its, as files that Dask takes."""
    folder.mkdir()
    new = ("-newkey", "rsa:2048", "-nodes", "-days", str(days))
    openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=authority of a test")  # fmt: skip
    openssl(folder, "req", *new[:3], "-keyout", "key.pem", "-out", "asked.pem", "-subj", "/CN=here")
    openssl(folder, "x509", "-req", "-in", "asked.pem", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", str(days), "-out", "cert.pem")  # fmt: skip
    return options(folder)


def options(folder):
    return ["--tls-ca-file", f"{folder}/ca.pem", "--tls-cert", f"{folder}/cert.pem",
            "--tls-key", f"{folder}/key.pem"]  # fmt: skip


@pytest.fixture(scope="module")
def safe(tmp_path_factory):
    """Run a scheduler and a worker that speak TLS; give its address and the options to reach it."""
    folder = tmp_path_factory.mktemp("tls")
    files, address = authority(folder / "ours"), folder / "scheduler.json"
    variables = os.environ | {"PYTHONPATH": "", "OPENBLAS_NUM_THREADS": "1"}
    common = [*files, "--scheduler-file", str(address), "--protocol", "tls", "--host", "127.0.0.1"]
    started = []
    with open(folder / "log", "w") as log:
        for role, words in (
            ("scheduler", ["--port", "0"]),
            ("worker", ["--nthreads", "1", "--no-nanny"]),
        ):
            command = [BIN / "dask", role, *common, "--no-dashboard", *words]
            started.append(psutil.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log))
            while not address.exists():
                time.sleep(0.1)
    said = ""
    while "Registered to" not in said:
        time.sleep(0.2)
        said = (folder / "log").read_text()
        assert all(process.poll() is None for process in started), said
    yield remote_address(said), files
    for process in reversed(started):
        process.terminate()
        process.wait(30)


def remote_address(said):
    return next(word for word in said.split() if word.startswith("tls://127.0.0.1"))


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course", {"ada": notebooks.answered()})


def grade(course, *words):
    return main(["--course", str(course.root), "grade", "ps1", *words])


def test_with_the_certificate_the_class_is_graded(course, safe):
    address, files = safe
    assert grade(course, "--scheduler", address, *files) == 0
    assert marks(course)["ada", "check-double"][0] == 2.0


@pytest.mark.parametrize("who", ["nobody", "a stranger", "in the clear"])
def test_without_it_nobody_reaches_the_scheduler(course, safe, who, capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(remote.SETTINGS, "distributed.comm.timeouts.connect", "3s")
    address, _ = safe
    words = {
        "nobody": [address],
        "a stranger": [address, *authority(tmp_path / "strangers")],
        "in the clear": [address.replace("tls:", "tcp:")],
    }
    assert grade(course, "--scheduler", *words[who]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert said[0].startswith("No Dask scheduler answers at")
    assert marks(course) == {} and len(said) == 2


def test_encryption_is_not_given_up_for_an_open_scheduler(course, safe, capsys, monkeypatch):
    monkeypatch.setitem(remote.SETTINGS, "distributed.comm.timeouts.connect", "3s")
    address, files = safe
    assert grade(course, "--scheduler", address.replace("tls:", "tcp:"), *files) == 1
    assert "encryption" in capsys.readouterr().err


@pytest.mark.parametrize("left_out", ["--tls-ca-file", "--tls-cert", "--tls-key", "--scheduler"])
def test_what_belongs_together_is_said(course, left_out, capsys, tmp_path):
    words = ["--scheduler", "tls://127.0.0.1:1", *options(tmp_path)]
    at = words.index(left_out)
    assert grade(course, *words[:at], *words[at + 2 :]) == 1
    assert "go together" in capsys.readouterr().err


def test_a_file_that_is_missing_is_named(course, capsys, tmp_path):
    assert grade(course, "--scheduler", "tls://127.0.0.1:1", *options(tmp_path)) == 1
    assert f"No file {tmp_path}/ca.pem." in capsys.readouterr().err


@pytest.mark.parametrize("missing", few(["distributed", "dask", "cloudpickle"], 1))
def test_without_dask_all_goes_on_here_and_a_scheduler_is_said_to_need_it(
    course, missing, tmp_path
):
    (tmp_path / f"{missing}.py").write_text(f"raise ModuleNotFoundError(name='{missing}')")
    command = [BIN / "mlpkit", "--course", course.root, "grade", "ps1"]
    options = {
        "env": os.environ | {"PYTHONPATH": str(tmp_path)},
        "capture_output": True,
        "text": True,
    }
    far = subprocess.run([*command, "--scheduler", "tcp://127.0.0.1:1"], **options)
    assert far.returncode == 1
    lines = far.stderr.strip().splitlines()
    assert f"No {missing} here" in lines[0] and "pip install 'mlpkit[cluster]'" in lines[1]
    near = subprocess.run(command, **options)
    assert near.returncode == 0, near.stderr
    assert marks(course)["ada", "check-double"][0] == 2.0

"""nbgrader's commands, each in a process of its own, forked from one that has imported nbgrader.

The import takes longer than most commands, and the tests run dozens of them.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from mlpkit.grading.course.alembic import find_alembic

BIN = Path(sys.executable).parent
SECONDS = 300
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["nbgrader.apps.nbgraderapp", "tests.grading.course_factory"])


def nbgrader(folder, *words, **variables):
    """Run a command of nbgrader in a course's folder.

    Parameters
    ----------
    folder : Path
        Of the course.
    words : str
        What stands after `nbgrader` on the command line.
    variables : str
        Environment variables, beside those of this process.

    Returns
    -------
    subprocess.CompletedProcess
        With its text on stdout and stderr.

    Raises
    ------
    subprocess.TimeoutExpired
        If it doesn't end by itself; it is killed.
    """
    find_alembic()
    variables = os.environ | variables
    with tempfile.TemporaryDirectory() as outputs:
        files = [Path(outputs, name) for name in ("stdout", "stderr")]
        # Kernels meet their client in a folder: a port that Jupyter found free can be another
        # process's by the time that the kernel binds it, and then the kernel dies.
        kernels = ("--KernelManager.transport=ipc", f"--KernelManager.ip={outputs}/kernel")
        process = FORKSERVER.Process(target=_run, args=(folder, words + kernels, variables, files))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, SECONDS)
        said = [file.read_text() for file in files]
    return subprocess.CompletedProcess(words, process.exitcode, *said)


def _run(folder, words, variables, files):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for descriptor, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["nbgrader", *words]
    from nbgrader.apps.nbgraderapp import main

    main()

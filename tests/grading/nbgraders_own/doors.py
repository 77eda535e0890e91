"""A pytest plugin: nbgrader's own tests of autograding, by the door that MLPKIT_DOOR names.

"stock" and "judge" leave the tests as they are; whether the judge is on, the settings say. With
"mlpkit" each call of ``nbgrader autograde`` is one of ``mlpkit grade``, with the same words.
"""

import contextlib
import io
import os
import sys

from nbgrader import tests as theirs

nbgrader = theirs.run_nbgrader


def by_mlpkit(words, retcode=0, env=None, stdout=False):
    """Stand for nbgrader's own helper, which calls a command in its process."""
    if words[0] != "autograde":
        return nbgrader(words, retcode, env, stdout)
    from mlpkit.grading.cli import main

    said = io.StringIO()
    before, argv = os.environ.copy(), sys.argv
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = main(["grade", *words[1:]])
    except SystemExit as end:
        status = end.code or 0
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.argv = argv
    if status != retcode:
        raise AssertionError(f"mlpkit grade returned {status}:\n{said.getvalue()}")
    return said.getvalue()


if os.environ["MLPKIT_DOOR"] == "mlpkit":
    theirs.run_nbgrader = by_mlpkit

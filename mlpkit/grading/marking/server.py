"""The server that `mlpkit mark` starts: Jupyter's own, with its token and with nbgrader's pages."""

import os

from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.files import Course
from mlpkit.grading.marking.questions import questions


def serve(course: Course, assignment: str, port: int | None, open_browser: bool) -> None:
    """Serve the marking pages of a course until it is stopped.

    Parameters
    ----------
    course : Course
    assignment : str
        Whose questions are opened.
    port : int or None
        None for a free one.
    open_browser : bool

    Raises
    ------
    CourseError
        If the assignment has no written question, or the gradebook is damaged.
    """
    questions(course, assignment)
    check_gradebook(course.directory.db_url, assignment)
    from jupyter_server.serverapp import ServerApp

    os.chdir(course.root)  # where nbgrader's own pages look for the course
    extension = "{'mlpkit.grading.marking': True, 'jupyter_server_mathjax': True}"
    ServerApp.launch_instance(
        [
            f"--ServerApp.root_dir={course.root}",
            f"--ServerApp.jpserver_extensions={extension}",
            f"--ServerApp.default_url=/marking/{assignment}",
            f"--ServerApp.open_browser={open_browser}",
            *([f"--ServerApp.port={port}"] if port else []),
        ]
    )

"""What the server answers: the pages on an assignment's questions, and marks as plain data."""

import asyncio
import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.marks import Overtaken, read_marks, write_marks
from mlpkit.grading.job import CourseError
from mlpkit.grading.marking import pages
from mlpkit.grading.marking.questions import Question, questions
from mlpkit.grading.marking.saving import Refused, as_data, changes

Found = TypeVar("Found")
NAME = r"([^/]+)"
# MathJax 2 evaluates its own settings, and writes styles as it goes.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)


async def _made(handler: JupyterHandler, make: Callable[[Course], Found]) -> Found:
    """Make an answer beside the server's loop, from the course as it now is."""
    root = handler.settings["mlpkit_marking_root"]
    return await asyncio.to_thread(lambda: make(Course(root)))


class _Page(JupyterHandler):
    auth_resource = "marking"

    @property
    def content_security_policy(self) -> str:
        return POLICY

    @property
    def base(self) -> str:
        """The address below which everything of the marking lies."""
        return url_path_join(self.base_url, "marking")

    async def answer(self, make: Callable[[Course], str]) -> None:
        """Send a page, or why there is none."""
        try:
            page = await _made(self, make)
        except CourseError as error:
            self.set_status(404)
            page = pages.no_page(str(error))
        self.finish(page)


class Assignments(_Page):
    """Which assignments there are."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.answer(lambda course: pages.assignments(course, self.base))


class Assignment(_Page):
    """The written questions of an assignment."""

    @web.authenticated
    @authorized
    async def get(self, assignment: str) -> None:
        await self.answer(lambda course: pages.assignment(course, assignment, self.base))


class Answers(_Page):
    """Everybody's answers to one question."""

    @web.authenticated
    @authorized
    async def get(self, *names: str) -> None:
        formgrader, token = url_path_join(self.base_url, "formgrader"), self.xsrf_token.decode()
        links = pages.Links(self.base, formgrader, self.mathjax, token)
        await self.answer(lambda course: pages.answers_page(course, find(course, *names), links))

    @property
    def mathjax(self) -> str:
        """The address of MathJax's script, with its choice of parts; empty where there is none."""
        return f"{self.mathjax_url}?config={self.mathjax_config}" if self.mathjax_url else ""


class Marks(APIHandler):
    """The marks of one question, as plain data."""

    auth_resource = "marking"

    @web.authenticated
    @authorized
    async def get(self, *names: str) -> None:
        """Send all marks: what other graders have given meanwhile is among them."""

        def read(course: Course) -> dict[str, Any]:
            question = find(course, *names)
            marks = read_marks(course.directory.db_url, *names)
            return {"marks": [as_data(mark, question.items) for mark in marks]}

        await self.answer(read)

    @web.authenticated
    @authorized
    async def put(self, *names: str) -> None:
        """Write the marks of equal answers: all, or none where somebody else was faster."""
        asked = self.request.body

        def write(course: Course) -> dict[str, Any]:
            question = find(course, *names)
            known = {mark.id for mark in read_marks(course.directory.db_url, *names)}
            wanted = changes(asked, question, known)
            try:
                marks = write_marks(course.directory.db_url, wanted)
            except Overtaken as overtaken:
                self.set_status(409)
                marks = overtaken.marks
            return {"marks": [as_data(mark, question.items) for mark in marks]}

        await self.answer(write)

    async def answer(self, make: Callable[[Course], dict[str, Any]]) -> None:
        """Send data, or what is wrong."""
        try:
            data = await _made(self, make)
        except (CourseError, Refused) as error:
            self.set_status(400 if isinstance(error, Refused) else 503)
            data = {"said": str(error)}
        self.finish(json.dumps(data))


class Script(_Page):
    """The pages' one script."""

    @web.authenticated
    async def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(files("mlpkit.grading.marking").joinpath("marking.js").read_bytes())


def find(course: Course, assignment: str, notebook: str, cell: str) -> Question:
    """Return a question.

    Raises
    ------
    CourseError
        If there is none of this name.
    """
    for question in questions(course, assignment):
        if (question.notebook, question.cell) == (notebook, cell):
            return question
    raise CourseError(f"No question {cell!r} in {notebook} of {assignment}.\nSee the list of them.")


def add_handlers(server: Any) -> None:
    """Let a Jupyter server show the pages of the course in its folder."""
    server.web_app.settings["mlpkit_marking_root"] = server.root_dir
    place = url_path_join(server.web_app.settings["base_url"], "marking")
    question = rf"{NAME}/{NAME}/{NAME}"
    server.web_app.add_handlers(
        ".*$",
        [
            (rf"{place}/?", Assignments),
            (rf"{place}/static/marking\.js", Script),
            (rf"{place}/api/{question}", Marks),
            (rf"{place}/{question}", Answers),
            (rf"{place}/{NAME}/?", Assignment),
        ],
    )

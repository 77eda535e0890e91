"""Everybody's answers to one written question on one page, marked by keyboard.

An extension of Jupyter Server, behind its token, and `mlpkit mark`, which starts a server with it.
It may import `course` and every room below it; the gradebook is `course.marks`' affair.
"""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "mlpkit.grading.marking"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Let a server show the pages; what they need is imported only then."""
    from mlpkit.grading.marking.handlers import add_handlers

    add_handlers(server)

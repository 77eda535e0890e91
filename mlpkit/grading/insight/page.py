"""Pages for the instructor: one file each, sortable and printable, that fetches nothing."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from mlpkit.grading.course.pages import templates


def render(template: str, **context: Any) -> str:
    """Return a page as HTML; whatever came from a student is escaped.

    Parameters
    ----------
    template : str
        A file in this package's `templates`, which extends ``page.html.j2``.
    context
        What it shows.
    """
    environment = templates("mlpkit.grading.insight")
    environment.filters["number"] = number
    style, script = _part("page.css"), f"\n{_part('sort.js')}\n"
    return environment.get_template(template).render(
        style=Markup(style), script=Markup(script), policy=_policy(script), **context
    )


def number(value: float | None, digits: int = 2) -> str:
    """Write a number for a table: as many decimals as it has, at most these; nothing for None."""
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _part(name: str) -> str:
    folder = files("mlpkit.grading.insight").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8").rstrip("\n")


def _policy(script: str) -> str:
    """Let run the one script of the page, which came with the kit, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )

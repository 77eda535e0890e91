"""Is everything here that a student needs? Asked by the course's first notebook."""

import os
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from mlpkit import __version__
from mlpkit.terminal import any_terminal, in_letters

OPTIONAL = {"frameworks": "lectures 7 and 8: PyTorch and TensorFlow"}


def missing_packages(extra=None):
    """List what the kit, or one of its extras, needs and doesn't find.

    Parameters
    ----------
    extra : str, optional
        One that pyproject.toml has, such as "lab" or "frameworks"; None is the package itself.

    Returns
    -------
    list of str
        One requirement each, and what was found instead.

    Raises
    ------
    ValueError
        If mlpkit has no such extra.
    """
    from packaging.requirements import Requirement  # pooch needs it, so it is here

    known = metadata.metadata("mlpkit").get_all("Provides-Extra") or []
    if extra is not None and extra not in known:
        raise ValueError(f"extra must be one of {', '.join(sorted(known))}, got {extra!r}")
    lacking = []
    for requirement in map(Requirement, metadata.requires("mlpkit") or []):
        marker = requirement.marker
        of_extra = marker is not None and "extra ==" in str(marker)
        if of_extra != (extra is not None) or (
            marker and not marker.evaluate({"extra": extra or ""})
        ):
            continue
        lacking += _compare(requirement)
    return lacking


def require(package, extra):
    """Raise an error that says how to install an extra, if its package isn't there.

    Parameters
    ----------
    package : str
        A module's name.
    extra : str
        The extra of mlpkit that brings it.

    Raises
    ------
    ModuleNotFoundError
        If Python doesn't find the package.
    """
    if find_spec(package) is None:
        raise ModuleNotFoundError(f"{package} is missing: {_install(extra)}", name=package)


def _compare(requirement):
    wanted = f"{requirement.name}{requirement.specifier}"
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return [f"{wanted}: not installed"]
    return (
        []
        if requirement.specifier.contains(found, prereleases=True)
        else [f"{wanted}: found {found}"]
    )


def validate_button_is_installed():
    """Return whether JupyterLab can find nbgrader's extension, which has the Validate button."""
    from jupyter_core.paths import jupyter_path

    return any(
        Path(folder, "@jupyter", "nbgrader").is_dir() for folder in jupyter_path("labextensions")
    )


def check(folder="."):
    """Check this environment for a student's work, and say how to mend what is not there.

    Parameters
    ----------
    folder : str or path
        Where the student's notebooks are.

    Returns
    -------
    list of str
        A line for each thing looked at; lines that start with "✗" need mending.
    """
    lacking = missing_packages() + missing_packages("lab")
    button = (
        not any(line.startswith("jupyter") for line in lacking) and validate_button_is_installed()
    )
    lines = [
        _line(not lacking, "the course's packages", f"{'; '.join(lacking)}; {_install('lab')}"),
        _line(button, "the Validate button", _install("lab")),
        _line(
            os.access(folder, os.W_OK), "this folder can be written to", "copy the course to one"
        ),
    ]
    for extra, purpose in OPTIONAL.items():
        lines.append(
            f"– {purpose}: optional, {_install(extra)}"
            if missing_packages(extra)
            else f"✓ {purpose}"
        )
    return lines


def _line(holds, what, remedy):
    return f"✓ {what}" if holds else f"✗ {what}: {remedy}"


def _install(extra):
    return f'python -m pip install --editable ".[{extra}]" in the course\'s folder'


def tell(lines):
    """Print what was looked at; return the status for the shell, 1 if anything is to be mended."""
    any_terminal()
    print(f"the course, version {__version__}")
    print("\n".join(in_letters(line, sys.stdout.encoding) for line in lines))
    return int(any(line.startswith("✗") for line in lines))


if __name__ == "__main__":
    raise SystemExit(tell(check()))

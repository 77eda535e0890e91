"""The kernel that a notebook names: what of it the judge's own kernel has, and what it lacks."""

import contextlib
import json
import re
import shutil
import sys
from pathlib import Path
from string import Template

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from traitlets import TraitError

# Read when Python, a library of C's or a kernel starts; and the sandbox's own.
JUDGES = re.compile(
    "PATH|HOME|USER|LOGNAME|TERM|NBGRADER_EXECUTION|.*_NUM_THREADS|"
    "(PYTHON|LD_|MALLOC_|MPL|JPY_|JUPYTER|IPYTHON|CONDA|VIRTUAL_ENV).*"
)
NAME = re.compile(r"[A-Za-z0-9._-]+")
THERE = "install the kit there and grade with it, or name the kernel 'python3' in the source"
LAUNCHER = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
# Jupyter takes these for the Python that it runs in.
ANY_PYTHON = ("python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info))


def variables(source: bytes) -> dict[str, str]:
    """Give the environment variables that a notebook's kernel sets, but for the judge's own.

    Parameters
    ----------
    source : bytes
        The instructor's notebook.
    """
    _, spec = _named(source)
    return {
        name: Template(text).safe_substitute()
        for name, text in spec.env.items()
        if _safe(name, text)
    }


def differences(source: bytes) -> list[tuple[str, str]]:
    """Say what a notebook's kernel has that it won't have where it is judged.

    Returns
    -------
    list of (str, str)
        What, and what to do; nothing of a kernel that isn't known on this computer.
    """
    name, spec = _named(source)
    found = []
    if spec.argv and (program := _program(spec.argv[0])) is not None:
        told = f"{name!r} runs {program}, and the judge {sys.executable}"
        found.append((told, THERE))
    elif more := [word for word in spec.argv[1:] if not (word in LAUNCHER or word[:2] == "-X")]:
        told = f"{name!r} is started with {' '.join(more)}, and the judge's isn't"
        found.append((told, "let a cell do what that is for"))
    if left := sorted(each for each, text in spec.env.items() if not _safe(each, text)):
        told = f"{name!r} sets {', '.join(left)}, and the sandbox has its own or none"
        found.append((told, "let a cell set that, or lay what it leads to beside the source"))
    return found


def _named(source: bytes) -> tuple[str, KernelSpec]:
    """Give the name of a notebook's kernel, and what is known of it."""
    name = json.loads(source).get("metadata", {}).get("kernelspec", {}).get("name", "")
    if isinstance(name, str) and NAME.fullmatch(name):  # of others Jupyter warns, and has none
        with contextlib.suppress(NoSuchKernel, OSError, TypeError, ValueError, TraitError):
            return name, KernelSpecManager().get_kernel_spec(name)
    return name, KernelSpec()


def _safe(name: str, text: object) -> bool:
    """Whether a variable can be had in the sandbox: one that isn't made of the instructor's own."""
    plain = isinstance(text, str) and "\0" not in text and not Template(text).get_identifiers()
    return plain and not JUDGES.fullmatch(name.upper())


def _program(word: str) -> Path | None:
    """Give a kernel's program where it isn't of the Python that judges."""
    program = Path(shutil.which(word) or word)
    ours = Path(sys.executable).parent.resolve()
    return None if word in ANY_PYTHON or program.parent.resolve() == ours else program

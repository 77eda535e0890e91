"""The kernel that a notebook names, where it is another than the judge's."""

import json
import shutil
import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel


def other_kernel(source: bytes) -> str:
    """Say what a notebook's kernel has that it won't have where it is judged.

    Parameters
    ----------
    source : bytes
        The instructor's notebook.

    Returns
    -------
    str
        A sentence; "" where the kernel is the same, or isn't known on this computer.
    """
    name = json.loads(source).get("metadata", {}).get("kernelspec", {}).get("name", "")
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except (NoSuchKernel, TypeError, ValueError):
        return ""
    program = Path(shutil.which(spec.argv[0]) or spec.argv[0]) if spec.argv else None
    has = [f"runs {program}"] if program and program.parent != Path(sys.executable).parent else []
    has += [f"sets {', '.join(sorted(spec.env))}"] if spec.env else []
    if not has:
        return ""
    return (
        f"Its kernel {name!r} {' and '.join(has)}; the judge runs {sys.executable}, without that."
    )

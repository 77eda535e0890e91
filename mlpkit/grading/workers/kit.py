"""What a result depends on besides the work itself: the kit's code, Python's version, NumPy's."""

import functools
import hashlib
import platform
from importlib import metadata
from pathlib import Path

import mlpkit


@functools.cache
def code() -> str:
    """Return the digest of all of the kit's code."""
    digest = hashlib.sha256()
    for path in sorted(Path(mlpkit.__file__).parent.rglob("*.py")):
        content = path.read_bytes()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def here() -> dict[str, str]:
    """Say what judges here, by name."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "mlpkit": f"{mlpkit.__version__} of the code {code()[:8]}",
        "Python": python,
        "NumPy": metadata.version("numpy"),
    }


def others(asked: dict[str, str]) -> str:
    """Say in what this machine differs from the one that asks; "" if in nothing."""
    own = here()
    return ", ".join(
        f"it has {name} {own.get(name, 'of no version')}, not {wanted}"
        for name, wanted in asked.items()
        if own.get(name) != wanted
    )

"""A pytest plugin: nbval meets its kernels in a folder.

A port that Jupyter found free can be another process's by the time that the kernel binds it, and
then the kernel dies; three workers start so many that it happens.
"""

import functools
import tempfile

from jupyter_client.manager import KernelManager
from nbval import kernel


def pytest_configure(config):
    """Give nbval's kernels sockets in a folder of this run's own."""
    folder = tempfile.TemporaryDirectory()
    config.add_cleanup(folder.cleanup)
    settings = {"transport": "ipc", "ip": f"{folder.name}/kernel"}
    kernel.KernelManager = functools.partial(KernelManager, **settings)

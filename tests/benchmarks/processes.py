"""Times contenders side by side, each in a process of its own, in turn: A B C A B C …"""

import os
import resource
import statistics
import subprocess
import sys


def processor_seconds():
    """Return the time of all processes that ended, the kernels too, however busy others are."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def race(module, contenders, rounds=5):
    """Run `python -m module NAME` for each contender in turn; it prints its seconds.

    Parameters
    ----------
    module : str
        What `python -m` runs.
    contenders : list of str
        The argument of each.
    rounds : int
        How often each is run. Neighbours in time meet the same noise.

    Returns
    -------
    dict of str to float
        The median seconds of each.
    """
    seconds = {name: [] for name in contenders}
    for _ in range(rounds):
        for name in contenders:
            run = subprocess.run(
                [sys.executable, "-m", module, name], capture_output=True, text=True, check=True,
                env=os.environ | {"TQDM_DISABLE": "1"},
            )  # fmt: skip
            seconds[name].append(float(run.stdout.split()[-1]))
    return {name: statistics.median(times) for name, times in seconds.items()}


def table(title, seconds, reference):
    """Print each contender's time and its ratio to the reference's."""
    print(f"\n{title}")
    for name, value in seconds.items():
        print(f"  {name:28s} {value:9.4f} s   {value / seconds[reference]:6.2f} × {reference}")

"""What `import mlpkit` and its modules add to `import numpy`."""

import sys
import time

from tests.benchmarks.processes import race, table

MODULES = {
    "numpy alone": "numpy",
    "mlpkit": "mlpkit",
    "mlpkit.training": "mlpkit.network,mlpkit.training,mlpkit.gradcheck,mlpkit.datasets",
}


def main():
    times = race("tests.benchmarks.imports", list(MODULES), rounds=9)
    table("Importing, in a new process (numpy included)", times, "numpy alone")
    added = times["mlpkit.training"] - times["numpy alone"]
    print(f"  all of the training part adds {added:.3f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        start = time.perf_counter()
        for module in ["numpy", *MODULES[sys.argv[1]].split(",")]:
            __import__(module)
        print(time.perf_counter() - start)
    else:
        main()
